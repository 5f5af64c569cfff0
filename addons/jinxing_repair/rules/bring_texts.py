"""The English words of what is taken along to a machine; see ``texts``."""


def _lt(text: str) -> str:
    """Mark a text for the export of terms."""
    return text


#: ``{kind: question}``
BRING_KINDS = {"departure": _lt("May he set out?")}

_DEPARTURE = {"set_out": _lt("He may set out"), "refused": _lt("Not yet")}
_LEFT = {"not_needed": _lt("not needed"), "on_site": _lt("borrowed on site")}

#: ``{(kind, outcome): answer}``
BRING_OUTCOMES = {("departure", outcome): label for outcome, label in _DEPARTURE.items()}

#: ``{(parameter, code): word}``
BRING_VALUES = {("left", code): word for code, word in _LEFT.items()}

#: ``{step key: sentence}``
BRING_TEXTS = {
    "part_planned": _lt("The order asks for %(quantity)s."),
    "part_assessed": _lt("The preliminary assessment names %(quantity)s."),
    "part_fitted": _lt(
        "Fitted on %(fitted)s of %(orders)s orders of this model with this kind of fault in the "
        "last %(months)s months."
    ),
    "part_listed": _lt("Listed for this kind of fault."),
    "part_reserved": _lt("%(quantity)s reserved at %(place)s."),
    "part_short": _lt("Only %(reserved)s of %(wanted)s can be had."),
    "part_none": _lt("None is free at %(places)s."),
    "part_reserved_for": _lt("What is there is reserved for %(orders)s."),
    "part_not_needed": _lt("Not needed, so none is reserved."),
    "departure_unticked": _lt("Not ticked on the departure list: %(lines)s."),
    "departure_open": _lt("Neither taken along nor left with a reason: %(lines)s."),
    "departure_ticked": _lt("Ticked on the departure list: %(lines)s."),
    "departure_taken": _lt("Taken along: %(lines)s."),
    "departure_left": _lt("Left, %(left)s: %(lines)s."),
    "departure_ready": _lt("So everything is ready to set out (S8.3)."),
}
