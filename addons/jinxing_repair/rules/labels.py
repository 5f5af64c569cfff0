"""The English words for the questions, the answers and the codes of the rules.

Nothing here is translated: the models wrap the texts.
"""

#: ``{kind: question}``
KINDS = {
    "contact": "Was the customer called in time?",
    "arrival": "Did somebody arrive in time?",
    "promise": "Was the promise kept?",
    "escalation": "Was the escalation answered in time?",
    "absence": "Is it an absence from work?",
    "help": "Was help asked for in time?",
    "provider": "Who serves the machine?",
    "acceptance": "Did the provider accept?",
    "proposal": "Is he proposed?",
    "override": "May it be decided otherwise?",
    "exchange_right": "Is there a right to a new part, an exchange or a return?",
    "new_part_release": "May the new part be handed out?",
    "guarantee": "Is it a rework within the guarantee?",
    "liability": "Who bears the rework?",
    "assessment": "How are time and quality assessed?",
    "collection": "How is the money collected?",
    "voucher": "Was the voucher processed the same day?",
    "custody": "Did the cash reach finance in time?",
    "invoice_collection": "Was the invoice's money collected?",
}

_CLOCK = {
    "on_time": "In time",
    "late": "Too late",
    "open": "Time is left",
    "breached": "Breached",
}
_HANDLING = {
    "open": "Time is left",
    "done": "In time",
    "done_late": "Too late",
    "overdue": "Overdue",
}
_BY_KIND = {
    "contact": _CLOCK,
    "arrival": _CLOCK,
    "promise": _CLOCK,
    "escalation": _CLOCK,
    "absence": {
        "none": "No absence",
        "spared": "Spared by notice",
        "marked": "Absence",
        "not_applicable": "Not our employee",
    },
    "help": {
        "not_needed": "Not needed",
        "requested": "Asked for in time",
        "marked": "Not asked for in time",
    },
    "provider": {
        "seller": "The seller",
        "appointed_station": "The appointed station",
        "local_station": "The station of the place",
        "headquarters": "The headquarters",
    },
    "acceptance": {
        "accepted": "Accepted",
        "declined": "Declined",
        "expired": "No answer in time",
        "open": "Time is left",
    },
    "proposal": {
        "proposed": "Proposed",
        "not_proposed": "Not proposed",
    },
    "override": {
        "granted": "Granted",
        "not_granted": "Not granted",
    },
    "exchange_right": {
        "none": "No right",
        "warning": "A right is about to arise",
        "new_part": "New part",
        "exchange": "Exchange of the machine",
        "user_choice": "Exchange or further repair, as the user chooses",
        "return": "Return of the machine",
    },
    "new_part_release": {
        "released": "Hand it out",
        "held": "Only against the old part",
    },
    "guarantee": {
        "rework": "Rework",
        "none": "No rework",
    },
    "liability": {
        "free_so_far": "Free so far, not decided",
        "provider": "The repairer",
        "producer": "The producer",
        "customer": "The customer",
    },
    "assessment": {
        "satisfactory": "Satisfactory",
        "too_late": "Time not satisfactory",
        "too_poor": "Quality not satisfactory",
        "both_lacking": "Time and quality not satisfactory",
    },
    "collection": {
        "on_spot": "On the spot",
        "voucher": "By service voucher",
        "nothing_due": "Nothing to pay",
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
    "submit": "Submit again",
    "approve": "Approve",
    "return": "Return",
    "assign": "Assign",
    "accept": "Accept",
    "decline": "Decline",
    "expire": "Time to accept has passed",
    "contact": "Contact",
    "arrive": "Arrive",
    "take_back": "Take back",
    "finish": "Finish",
    "resume": "Go on",
    "sign": "Sign",
    "hand_in": "Hand in",
    "close": "Assess and close",
    "cancel": "Cancel",
}
_STATE_WORDS = {
    "registered": "Registered",
    "returned": "Returned",
    "approved": "Approved",
    "assigned": "Assigned",
    "accepted": "Accepted",
    "contacted": "Contacted",
    "on_site": "On site",
    "taken_back": "Taken back",
    "repaired": "Repaired",
    "signed": "Signed",
    "handed_in": "Handed in",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
#: ``{(parameter, code): word}`` for parameters that hold codes.
VALUES = {
    **{("action", code): word for code, word in _ACTION_WORDS.items()},
    **{(name, code): word for name in ("state", "allowed") for code, word in _STATE_WORDS.items()},
    ("cause", "producer_parts"): "the producer has not supplied a part",
    ("cause", "repairer"): "the repairer",
    ("cause", "customer"): "the customer",
    ("cause", "other"): "something else",
    ("due", "contact"): "Contact",
    ("due", "arrival"): "Arrival",
    ("due", "promise"): "Promise",
    ("method", "cash"): "cash",
    ("method", "wechat"): "WeChat",
    ("method", "alipay"): "Alipay",
}
