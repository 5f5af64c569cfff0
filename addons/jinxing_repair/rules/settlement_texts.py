"""The English words of the settlement's steps, questions and answers.

Nothing here is translated: ``_lt`` only marks a text for the translators' export, the models
wrap it.
"""


def _lt(text: str) -> str:
    """Mark a text for the export of terms."""
    return text


TEXTS = {
    "settlement_hours": _lt("%(quantity)s hours of labour on %(on_date)s, for a free repair."),
    "settlement_km_visits": _lt("%(quantity)s km, as noted on the visits, on %(on_date)s."),
    "settlement_km_fee": _lt(
        "%(quantity)s km by the fee card, as no visit notes any, on %(on_date)s."
    ),
    "settlement_parts": _lt("%(quantity)s parts handled on %(on_date)s, for a free repair."),
    "settlement_installation": _lt("%(quantity)s machines put into operation on %(on_date)s."),
    "settlement_rate": _lt("%(quantity)s × %(rate)s = %(amount)s."),
    "settlement_rate_percent": _lt(
        "%(rate)s percent of the price of %(price)s are %(unit)s; %(quantity)s × %(unit)s = "
        "%(amount)s."
    ),
    "settlement_rate_of_grade": _lt(
        "The rate is that of the technician's grade (%(grade)s stars), in force since "
        "%(valid_date)s."
    ),
    "settlement_rate_of_provider": _lt(
        "The rate was agreed with this provider, in force since %(valid_date)s."
    ),
    "settlement_no_rate": _lt("No rate was in force on %(on_date)s."),
    "settlement_no_rate_of_grade": _lt(
        "No rate for a technician of %(grade)s stars was in force on %(on_date)s."
    ),
    "settlement_claim": _lt("Claimed with evidence: %(reference)s, %(amount)s."),
    "settlement_liability": _lt("The provider answers for %(reference)s with %(amount)s."),
    "settlement_unaccounted": _lt(
        "Parts issued to the provider are unaccounted for: %(reference)s, %(amount)s."
    ),
    "settlement_lines_open": _lt("%(count)s lines are neither approved nor refused yet."),
    "settlement_lines_disputed": _lt("%(count)s lines are disputed."),
    "settlement_no_lines": _lt("There is no line."),
    "settlement_not_confirmed": _lt(
        "The provider has not confirmed it, and may dispute it until %(until_at)s."
    ),
}
KINDS = {"settlement": _lt("What is the provider paid?")}
OUTCOMES = {
    ("settlement", "payable"): _lt("Payable"),
    ("settlement", "no_rate"): _lt("No rate"),
    ("settlement", "deduction"): _lt("Deducted"),
}
