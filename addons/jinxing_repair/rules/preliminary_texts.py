"""The English words of the preliminary assessment's rule (S8.2), see ``texts``."""

from .labels import _lt

__all__ = ["KINDS", "OUTCOMES", "TEXTS", "VALUES"]

KINDS = {"preliminary_proposal": _lt("What is probably wrong, and how is it served?")}

_PROPOSAL = {
    "found": _lt("Proposed"),
    "unknown": _lt("Nothing to go by"),
}

OUTCOMES = {("preliminary_proposal", code): word for code, word in _PROPOSAL.items()}

SEVERITIES = {
    "still": _lt("Machine stands still"),
    "limited": _lt("Works with limits"),
    "can_wait": _lt("Can wait"),
}

WAYS = {
    "phone": _lt("Advice by phone"),
    "visit": _lt("Visit"),
    "workshop": _lt("Take to the workshop"),
}

VALUES = {
    **{("severity", code): word for code, word in SEVERITIES.items()},
    **{("way", code): word for code, word in WAYS.items()},
}

TEXTS = {
    "likely_words": _lt("The caller's words (%(words)s) speak for: %(fault_category)s."),
    "likely_no_words": _lt("No word of the caller is known."),
    "likely_registered": _lt("It was registered as: %(fault_category)s."),
    "likely_usual": _lt(
        "This model fails most by: %(fault_category)s (%(cases)s closed cases)."
    ),
    "likely_nothing": _lt("Too little is known of this model: ask the customer."),
    "likely_component_words": _lt("The words name the component: %(component)s."),
    "likely_component_guarantee": _lt(
        "%(component)s was repaired not long ago (%(order)s): probably it again."
    ),
    "likely_component_usual": _lt(
        "With this kind of fault it is mostly: %(component)s (%(cases)s closed cases)."
    ),
    "likely_rework": _lt(
        "%(component)s was repaired on %(repaired_date)s (%(order)s) and is guaranteed until "
        "%(end_date)s: a rework."
    ),
    "likely_cause": _lt("The usual cause: %(cause)s (%(cases)s closed cases)."),
    "likely_severity_words": _lt("By the caller's words (%(words)s): %(severity)s."),
    "likely_severity_emergency": _lt("It was registered as an emergency: %(severity)s."),
    "likely_severity_default": _lt("Nothing says how bad it is, so: %(severity)s."),
    "likely_season": _lt("It is farm season, nothing waits: %(severity)s."),
    "likely_way": _lt("Usually served by: %(way)s."),
    "likely_way_still": _lt(
        "Advice is not enough for a machine that stands still: %(way)s."
    ),
    "likely_way_rework": _lt("Advice is not enough for a repair that came back: %(way)s."),
    "likely_hours_before": _lt("It took %(hours)s hours on average (%(cases)s closed cases)."),
    "likely_hours_usual": _lt("By the fee card it takes %(hours)s hours."),
    "likely_part": _lt(
        "To bring: %(quantity)s × %(part)s, fitted in %(fitted)s of %(cases)s closed cases."
    ),
    "likely_no_parts": _lt("No part was fitted often enough to be brought."),
    "likely_free": _lt("By the card it is probably free."),
    "likely_chargeable": _lt("By the card it is probably chargeable."),
    "likely_free_rework": _lt("A rework within the guarantee is free to begin with."),
    "likely_cover_open": _lt("Free or chargeable is open: the machine is not known."),
}
