"""The English words of the tools a kind of fault needs; see ``texts``."""


def _lt(text: str) -> str:
    """Mark a text for the export of terms."""
    return text


#: ``{step key: sentence}``
NEED_TEXTS = {
    "need_for": _lt("Needed for: %(fault_kind)s."),
    "need_held": _lt("%(person)s holds %(tool)s."),
    "need_inspected": _lt("%(tool)s: the inspection holds until %(valid_date)s."),
    "need_expired": _lt("%(tool)s: the inspection ended on %(valid_date)s."),
    "need_not_inspected": _lt("%(tool)s: no inspection is recorded."),
    "need_stored": _lt("%(tool)s lies at %(store)s and can be issued."),
    "need_with_others": _lt("In the custody of %(people)s."),
    "need_none": _lt("There is no such tool at his stores."),
    "technician_lacks": _lt("He lacks: %(tool_kind)s."),
}
