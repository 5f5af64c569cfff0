"""May goods be returned or exchanged, and at what price (R9-R13).

Two questions, two decisions. Eligibility: an entitlement that a rule raised (G2, G3.4, the law)
stands above everything; then misuse refuses (R13); then goods of our own sale go back without a
reason when they can be sold again (R10), three-guarantees goods like that for some days only and
with an inspection report afterwards (R11). Price: the company's fault before the season before
the discount (R12.3, R12.2, R12.1), and never more than was paid.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ELIGIBLE = "eligible"
REFUSED = "refused"
NEEDS_REPORT = "needs_report"
NEEDS_CHECK = "needs_check"

#: What a customer is offered when his request is refused.
OFFER_REPAIR = "repair"
OFFER_NEGOTIATION = "negotiation"
OFFER_DEALER = "dealer"


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """The numbers of chapter 5 in force on the day of the request.

    ``no_reason_days`` limits R10 in days after the sale, 0 for no limit; ``normal_days`` are the
    days in which three-guarantees goods count as normal ones (R11); ``season_grace_days`` are
    added to the end of a season before a return counts as late (R12.2); ``season_cap_paid`` keeps
    the season's price at what was paid at most.
    """

    name: str = ""
    no_reason_days: int = 0
    normal_days: int = 7
    season_grace_days: int = 0
    season_cap_paid: bool = True


@dataclass(frozen=True, slots=True)
class Inspection:
    """The report of the competent body (R11): who, which number, of what day, and the file."""

    issuer: str = ""
    number: str = ""
    report_date: date | None = None
    has_file: bool = False

    def problems(self, sold: date | None, on: date) -> tuple[str, ...]:
        """Return what keeps the report from counting: issuer, number, date, file."""
        wrong_date = (
            self.report_date is None
            or self.report_date > on
            or (sold is not None and self.report_date < sold)
        )
        missing = (
            ("issuer", not self.issuer.strip()),
            ("number", not self.number.strip()),
            ("date", wrong_date),
            ("file", not self.has_file),
        )
        return tuple(name for name, absent in missing if absent)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request for return or exchange on the day ``on``.

    ``own_sale`` tells whether our own outlets sold the goods, ``proof`` whether an invoice or
    another document shows it. ``condition_ok`` is the check "neither soiled nor damaged, fit for
    sale", ``None`` while nobody has looked. ``misuse`` holds the evidence of improper use or
    upkeep. ``company_fault`` says that the goods were damaged through us. ``entitlement`` is the
    clause of an exchange right, if one was raised. ``approval`` is the reason for which the
    supervisor ``approved_by`` lets an exchange be made without a right to it: why repair will
    not do (G3.2).
    """

    on: date
    policy: ReturnPolicy
    sold_date: date | None = None
    own_sale: bool = True
    proof: bool = True
    three_guarantees: bool = False
    condition_ok: bool | None = None
    misuse: str = ""
    company_fault: bool = False
    inspection: Inspection | None = None
    entitlement: str = ""
    seller: str = ""
    approval: str = ""
    approved_by: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        report = self.inspection
        return {
            "on": self.on,
            "policy": self.policy.name,
            "sold_date": self.sold_date,
            "own_sale": self.own_sale,
            "proof": self.proof,
            "three_guarantees": self.three_guarantees,
            "condition_ok": self.condition_ok,
            "misuse": self.misuse,
            "company_fault": self.company_fault,
            "inspection": report
            and {"issuer": report.issuer, "number": report.number, "date": report.report_date},
            "entitlement": self.entitlement,
            "approval": self.approval,
        }


def _answer(facts, outcome, clauses, steps, offers=(), until=None):
    steps = [*steps, Step.of(f"return_{outcome}")]
    data = {**facts.to_json(), "offers": list(offers)}
    return Decision("return", outcome, tuple(dict.fromkeys(clauses)), tuple(steps), data, until)


def decide_return(facts: RequestFacts) -> Decision:
    """Decide whether goods may be returned or exchanged (R9-R11, R13, G3.2).

    The outcome is ``eligible``, ``refused``, ``needs_report`` (R11) or ``needs_check`` (the
    condition has not been looked at). ``facts["offers"]`` of the decision names what a refused
    customer is offered: ``repair``, ``negotiation`` or ``dealer``. ``until`` is the last day on
    which the goods count as normal ones. What there is no right to is exchanged nevertheless
    when a supervisor has said why repair will not do (G3.2).
    """
    decision = _by_right(facts)
    reason = facts.approval.strip()
    if decision.outcome == ELIGIBLE or not reason:
        return decision
    step = Step.of("return_approved", reason=reason, approver=facts.approved_by)
    return _answer(facts, ELIGIBLE, ("G3.2", *decision.clauses), (*decision.steps, step))


def _by_right(facts):
    """Judge the request by what the customer has a right to."""
    steps = [Step.of("return_policy", policy=facts.policy.name)] if facts.policy.name else []
    if facts.entitlement:
        steps.append(Step.of("return_entitled", clause=facts.entitlement))
        return _answer(facts, ELIGIBLE, (facts.entitlement, "R9"), steps)
    base = "R11" if facts.three_guarantees else "R10"
    if not facts.own_sale:
        steps.append(Step.of("return_not_our_sale", seller=facts.seller))
        return _answer(facts, REFUSED, (base,), steps, (OFFER_DEALER,))
    if not facts.proof:
        steps.append(Step.of("return_no_proof"))
        return _answer(facts, REFUSED, (base,), steps, (OFFER_REPAIR, OFFER_NEGOTIATION))
    if facts.misuse.strip():
        steps.append(Step.of("return_misuse", evidence=facts.misuse.strip()))
        return _answer(facts, REFUSED, ("R13",), steps, (OFFER_REPAIR, OFFER_NEGOTIATION))
    if facts.three_guarantees:
        return _three_guarantees(facts, steps)
    return _normal_goods(facts, steps, ("R10",), facts.policy.no_reason_days)


def _three_guarantees(facts, steps):
    """Judge three-guarantees goods: normal for some days, then with a report (R11)."""
    last = facts.sold_date and facts.sold_date + timedelta(days=facts.policy.normal_days)
    if last and facts.on <= last:
        steps.append(
            Step.of(
                "return_as_normal",
                sold_date=facts.sold_date,
                days=facts.policy.normal_days,
                last_date=last,
            )
        )
        return _normal_goods(facts, steps, ("R11", "R10"), 0, last)
    if last:
        steps.append(
            Step.of(
                "return_after_normal",
                sold_date=facts.sold_date,
                days=facts.policy.normal_days,
                last_date=last,
            )
        )
    else:
        steps.append(Step.of("return_no_sale_date"))
    if facts.inspection is None:
        steps.append(Step.of("return_report_missing"))
        return _answer(facts, NEEDS_REPORT, ("R11",), steps, until=last)
    problems = facts.inspection.problems(facts.sold_date, facts.on)
    if problems:
        steps.append(Step.of("return_report_incomplete", missing=list(problems)))
        return _answer(facts, NEEDS_REPORT, ("R11",), steps, until=last)
    steps.append(
        Step.of(
            "return_report",
            issuer=facts.inspection.issuer,
            number=facts.inspection.number,
            report_date=facts.inspection.report_date,
        )
    )
    return _answer(facts, ELIGIBLE, ("R11",), steps, until=last)


def _normal_goods(facts, steps, clauses, days, until=None):
    """Judge goods that go back without a reason when they can be sold again (R10)."""
    if facts.company_fault:
        steps.append(Step.of("return_company_fault"))
        return _answer(facts, ELIGIBLE, (*clauses, "R12.3"), steps, until=until)
    if days and facts.sold_date:
        until = facts.sold_date + timedelta(days=days)
        if facts.on > until:
            steps.append(Step.of("return_too_late", days=days, last_date=until))
            offers = (OFFER_REPAIR, OFFER_NEGOTIATION)
            return _answer(facts, REFUSED, clauses, steps, offers, until)
    if facts.condition_ok is None:
        steps.append(Step.of("return_condition_unknown"))
        return _answer(facts, NEEDS_CHECK, clauses, steps, until=until)
    if not facts.condition_ok:
        steps.append(Step.of("return_condition_bad"))
        offers = (OFFER_REPAIR, OFFER_NEGOTIATION)
        return _answer(facts, REFUSED, clauses, steps, offers, until)
    steps.append(Step.of("return_condition_good"))
    return _answer(facts, ELIGIBLE, clauses, steps, until=until)


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """What a refund price is made of; prices are of one unit, in the currency of the sale.

    ``original`` is the list price on the day of the purchase (原价), ``paid`` what was really
    paid after discount, ``current`` today's price. ``season_end`` is the last day of the season
    the goods were bought for, ``None`` for goods without a season. ``entitlement`` is the clause
    of an exchange right: then all that was paid goes back (R9: never less than the law gives).
    """

    on: date
    policy: ReturnPolicy
    paid: Decimal
    original: Decimal
    current: Decimal
    quantity: Decimal = Decimal(1)
    company_fault: bool = False
    season_end: date | None = None
    digits: int = 2
    currency: str = ""
    entitlement: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "on": self.on,
            "policy": self.policy.name,
            "paid": str(self.paid),
            "original": str(self.original),
            "current": str(self.current),
            "quantity": str(self.quantity),
            "company_fault": self.company_fault,
            "season_end": self.season_end,
            "season_cap_paid": self.policy.season_cap_paid,
            "entitlement": self.entitlement,
        }


def _money(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def is_late(facts: PriceFacts) -> bool:
    """Tell whether seasonal goods come back after season and days of grace (R12.2)."""
    if facts.season_end is None:
        return False
    return facts.on > facts.season_end + timedelta(days=facts.policy.season_grace_days)


def unit_price(facts: PriceFacts) -> tuple[Decimal, str, list[Step]]:
    """Return the refund price of one unit, its clause and the steps (R12).

    Precedence: an exchange right (all that was paid), the company's fault (R12.3), seasonal goods
    come back late (R12.2), what was paid after discount (R12.1).
    """
    paid = max(facts.paid, Decimal(0))
    if facts.entitlement:
        step = Step.of("price_entitled", clause=facts.entitlement, paid=str(paid))
        return paid, "R12.1", [step]
    if facts.company_fault:
        price = min(max(facts.original, Decimal(0)), paid)
        step = Step.of("price_original", original=str(facts.original), paid=str(paid))
        return price, "R12.3", [step]
    if is_late(facts):
        current = max(facts.current, Decimal(0))
        price = min(current, paid) if facts.policy.season_cap_paid else current
        steps = [Step.of("price_season", season_date=facts.season_end, current=str(current))]
        if price < current:
            steps.append(Step.of("price_capped", paid=str(paid)))
        return price, "R12.2", steps
    steps = [Step.of("price_paid", paid=str(paid))]
    if facts.original > paid:
        steps.append(
            Step.of("price_discount", original=str(facts.original), paid=str(paid))
        )
    return paid, "R12.1", steps


def decide_price(facts: PriceFacts) -> Decision:
    """Decide the refund: unit price, quantity, amount, and why (R12).

    The outcome is the clause that decides, ``facts["unit"]`` and ``facts["amount"]`` of the
    decision the rounded price and amount; the amount is rounded once, so that no more goes back
    than was paid. Neither is ever negative.

    :raises ValueError: the quantity is not positive
    """
    if facts.quantity <= 0:
        raise ValueError(f"nothing to refund: quantity {facts.quantity}")
    unit, clause, steps = unit_price(facts)
    amount = _money(unit * facts.quantity, facts.digits)
    unit = _money(unit, facts.digits)
    steps.append(
        Step.of(
            "price_amount",
            unit=str(unit),
            quantity=f"{facts.quantity.normalize():f}",
            amount=str(amount),
            currency=facts.currency,
        )
    )
    data = {**facts.to_json(), "unit": str(unit), "amount": str(amount)}
    clauses = tuple(dict.fromkeys(filter(None, (clause, "R9", facts.entitlement))))
    return Decision("refund_price", clause, clauses, tuple(steps), data)


def returnable(bought: Decimal, returned: Decimal) -> Decimal:
    """Return how much of a purchase may still come back; never negative (R10)."""
    return max(bought - returned, Decimal(0))


STEP_KEYS = frozenset(
    {
        "return_policy", "return_entitled", "return_not_our_sale", "return_no_proof",
        "return_misuse", "return_as_normal", "return_after_normal", "return_no_sale_date",
        "return_report_missing", "return_report_incomplete", "return_report",
        "return_company_fault", "return_too_late", "return_condition_unknown",
        "return_condition_bad", "return_condition_good", "return_eligible", "return_refused",
        "return_needs_report", "return_needs_check", "return_approved", "price_original",
        "price_season", "price_entitled", "price_capped", "price_paid", "price_discount",
        "price_amount",
    }
)
