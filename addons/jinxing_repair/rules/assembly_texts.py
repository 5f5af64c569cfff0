"""The English words of the rules on assemblies (G3.2); ``_lt`` marks a text for the export."""

from .labels import _lt

#: ``{step key: sentence}``
TEXTS = {
    "assembly_none": _lt("%(part)s is no assembly; nobody is asked."),
    "assembly_asked_for": _lt("%(part)s is an assembly; %(quantity)s to be fitted whole."),
    "assembly_right_machine": _lt(
        "By %(right)s (%(clause)s) the user may have the machine exchanged, so an assembly of it, "
        "too."
    ),
    "assembly_right_part": _lt("By %(right)s (%(clause)s) the user may have a new one."),
    "assembly_guaranteed": _lt(
        "%(quantity)s of it were fitted by a repair whose guarantee is running; a rework gives "
        "them again."
    ),
    "assembly_approved": _lt(
        "%(approver)s approved %(quantity)s: %(note)s Why repair will not do: %(reason)s"
    ),
    "assembly_short": _lt(
        "More is to be fitted than was approved: %(quantity)s are to be asked for."
    ),
    "assembly_waiting": _lt(
        "The supervisor was asked for %(quantity)s. Why repair will not do: %(reason)s"
    ),
    "assembly_refused": _lt("%(approver)s refused it: %(note)s It is to be repaired."),
    "assembly_to_ask": _lt(
        "No right gives it: a supervisor's approval with a reason why repair will not do is needed."
    ),
}
#: ``{kind: question}`` and ``{kind: {outcome: answer}}``
QUESTION = _lt("May the assembly be fitted whole?")
ANSWERS = {
    "no_assembly": _lt("No assembly"),
    "entitled": _lt("Yes, by right"),
    "approved": _lt("Yes, approved"),
    "waiting": _lt("Waiting for the supervisor"),
    "refused": _lt("Refused: repair it"),
    "to_ask": _lt("To be asked for"),
}
KINDS = {"assembly_exchange": QUESTION}
OUTCOMES = {("assembly_exchange", outcome): label for outcome, label in ANSWERS.items()}
