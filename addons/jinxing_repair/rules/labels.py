"""The English words for the questions, the answers and the codes of the rules.

Nothing here is translated, the models do that: ``_lt`` marks a text for the export of terms.
"""


def _lt(text: str) -> str:
    """Mark a text for the export of terms."""
    return text



#: ``{kind: question}``
KINDS = {
    "contact": _lt("Was the customer called in time?"),
    "preliminary": _lt("Was the fault assessed in time?"),
    "arrival": _lt("Did somebody arrive in time?"),
    "promise": _lt("Was the promise kept?"),
    "escalation": _lt("Was the escalation answered in time?"),
    "absence": _lt("Is it an absence from work?"),
    "help": _lt("Was help asked for in time?"),
    "provider": _lt("Who serves the machine?"),
    "acceptance": _lt("Did the provider accept?"),
    "proposal": _lt("Is he proposed?"),
    "override": _lt("May it be decided otherwise?"),
    "exchange_right": _lt("Is there a right to a new part, an exchange or a return?"),
    "new_part_release": _lt("May the new part be handed out?"),
    "guarantee": _lt("Is it a rework within the guarantee?"),
    "liability": _lt("Who bears the rework?"),
    "assessment": _lt("How are time and quality assessed?"),
    "collection": _lt("How is the money collected?"),
    "voucher": _lt("Was the voucher processed the same day?"),
    "custody": _lt("Did the cash reach finance in time?"),
    "invoice_collection": _lt("Was the invoice's money collected?"),
}

_CLOCK = {
    "on_time": _lt("In time"),
    "late": _lt("Too late"),
    "open": _lt("Time is left"),
    "breached": _lt("Breached"),
}
_HANDLING = {
    "open": _lt("Time is left"),
    "done": _lt("In time"),
    "done_late": _lt("Too late"),
    "overdue": _lt("Overdue"),
}
_BY_KIND = {
    "contact": _CLOCK,
    "preliminary": _CLOCK,
    "arrival": _CLOCK,
    "promise": _CLOCK,
    "escalation": _CLOCK,
    "absence": {
        "none": _lt("No absence"),
        "spared": _lt("Spared by notice"),
        "marked": _lt("Absence"),
        "claimed": _lt("To be confirmed by a manager"),
        "not_applicable": _lt("Not our employee"),
    },
    "help": {
        "not_needed": _lt("Not needed"),
        "requested": _lt("Asked for in time"),
        "marked": _lt("Not asked for in time"),
    },
    "provider": {
        "seller": _lt("The seller"),
        "appointed_station": _lt("The appointed station"),
        "local_station": _lt("The station of the place"),
        "headquarters": _lt("The headquarters"),
    },
    "acceptance": {
        "accepted": _lt("Accepted"),
        "declined": _lt("Declined"),
        "expired": _lt("No answer in time"),
        "open": _lt("Time is left"),
    },
    "proposal": {
        "proposed": _lt("Proposed"),
        "not_proposed": _lt("Not proposed"),
    },
    "override": {
        "granted": _lt("Granted"),
        "not_granted": _lt("Not granted"),
    },
    "exchange_right": {
        "none": _lt("No right"),
        "warning": _lt("A right is about to arise"),
        "new_part": _lt("New part"),
        "exchange": _lt("Exchange of the machine"),
        "user_choice": _lt("Exchange or further repair, as the user chooses"),
        "return": _lt("Return of the machine"),
    },
    "new_part_release": {
        "released": _lt("Hand it out"),
        "held": _lt("Only against the old part"),
    },
    "guarantee": {
        "rework": _lt("Rework"),
        "none": _lt("No rework"),
    },
    "liability": {
        "free_so_far": _lt("Free so far, not decided"),
        "provider": _lt("The repairer"),
        "producer": _lt("The producer"),
        "customer": _lt("The customer"),
    },
    "assessment": {
        "satisfactory": _lt("Satisfactory"),
        "too_late": _lt("Time not satisfactory"),
        "too_poor": _lt("Quality not satisfactory"),
        "both_lacking": _lt("Time and quality not satisfactory"),
    },
    "collection": {
        "on_spot": _lt("On the spot"),
        "voucher": _lt("By service voucher"),
        "nothing_due": _lt("Nothing to pay"),
    },
    "voucher": _HANDLING,
    "custody": _HANDLING,
    "invoice_collection": _HANDLING,
}
#: ``{(kind, outcome): answer}``
OUTCOMES = {
    (kind, outcome): label
    for kind, outcomes in _BY_KIND.items()
    for outcome, label in outcomes.items()
}

_ACTION_WORDS = {
    "submit": _lt("Submit again"),
    "approve": _lt("Approve"),
    "return": _lt("Return"),
    "assign": _lt("Assign"),
    "accept": _lt("Accept"),
    "decline": _lt("Decline"),
    "expire": _lt("Time to accept has passed"),
    "contact": _lt("Contact"),
    "arrive": _lt("Arrive"),
    "take_back": _lt("Take back"),
    "finish": _lt("Finish"),
    "resume": _lt("Go on"),
    "sign": _lt("Sign"),
    "hand_in": _lt("Hand in"),
    "close": _lt("Assess and close"),
    "cancel": _lt("Cancel"),
}
_STATE_WORDS = {
    "registered": _lt("Registered"),
    "returned": _lt("Returned"),
    "approved": _lt("Approved"),
    "assigned": _lt("Assigned"),
    "accepted": _lt("Accepted"),
    "contacted": _lt("Contacted"),
    "on_site": _lt("On site"),
    "taken_back": _lt("Taken back"),
    "repaired": _lt("Repaired"),
    "signed": _lt("Signed"),
    "handed_in": _lt("Handed in"),
    "closed": _lt("Closed"),
    "cancelled": _lt("Cancelled"),
}
_CAUSE_WORDS = {
    "producer_parts": _lt("the producer has not supplied a part"),
    "repairer": _lt("the repairer"),
    "customer": _lt("the customer"),
    "other": _lt("something else"),
}
_DUE_WORDS = {
    "contact": _lt("Contact"),
    "arrival": _lt("Arrival"),
    "promise": _lt("Promise"),
}
_METHOD_WORDS = {
    "cash": _lt("cash"),
    "wechat": _lt("WeChat"),
    "alipay": _lt("Alipay"),
}
_WORDS_OF = {
    "action": _ACTION_WORDS,
    "state": _STATE_WORDS,
    "allowed": _STATE_WORDS,
    "cause": _CAUSE_WORDS,
    "due": _DUE_WORDS,
    "method": _METHOD_WORDS,
}
#: ``{(parameter, code): word}`` for parameters that hold codes.
VALUES = {(name, code): word for name, words in _WORDS_OF.items() for code, word in words.items()}
