"""The English words for the questions, the answers and the codes of the rules.

Nothing here is translated, the models do that: ``_lt`` marks a text for the export of terms.
"""


def _lt(text: str) -> str:
    """Mark a text for the export of terms."""
    return text


#: ``{kind: question}``
KINDS = {
    "parts_supply": _lt("Who supplies the parts?"),
    "parts_terms": _lt("Do the parts move as our stock, or are they sold?"),
    "parts_credit": _lt("Is the order within the credit?"),
    "part_class": _lt("Which class is the part?"),
    "parts_plan": _lt("Is there enough, or what is bought?"),
    "supplier": _lt("May the supplier supply this part?"),
    "old_part_debt": _lt("Must the old part come back?"),
    "old_part_fate": _lt("What becomes of the old part?"),
    "old_part_charge": _lt("Is the missing old part charged?"),
    "parts_audit": _lt("Are all warranty parts accounted for?"),
    "fitting": _lt("May the part be fitted?"),
    "tool_compensation": _lt("What does the holder of the tool pay?"),
    "tool_departure": _lt("Are tools still to be handed over?"),
}

_BY_KIND = {
    "parts_supply": {
        "centre": _lt("The parts centre"),
        "headquarters": _lt("Headquarters"),
    },
    "parts_terms": {
        "internal": _lt("Moves within our own stock"),
        "consignment": _lt("Stays ours until it is fitted"),
        "sale": _lt("Sold"),
    },
    "parts_credit": {"within": _lt("Within the credit"), "exceeded": _lt("Beyond the credit")},
    "part_class": {
        "AX": _lt("AX: high value, regular"),
        "AY": _lt("AY: high value, varying"),
        "AZ": _lt("AZ: high value, irregular"),
        "BX": _lt("BX: middle value, regular"),
        "BY": _lt("BY: middle value, varying"),
        "BZ": _lt("BZ: middle value, irregular"),
        "CX": _lt("CX: low value, regular"),
        "CY": _lt("CY: low value, varying"),
        "CZ": _lt("CZ: low value, irregular"),
    },
    "parts_plan": {
        "enough": _lt("Enough"),
        "transfer": _lt("Brought from another warehouse"),
        "buy": _lt("Bought"),
    },
    "supplier": {"approved": _lt("Approved"), "refused": _lt("Refused")},
    "old_part_debt": {"owed": _lt("It is owed"), "not_owed": _lt("It is not owed")},
    "old_part_fate": {
        "scrap": _lt("Scrapped"),
        "supplier_recovery": _lt("Claimed from the supplier"),
        "refurbish": _lt("Refurbished"),
    },
    "old_part_charge": {"charged": _lt("Charged"), "not_charged": _lt("Not charged")},
    "parts_audit": {
        "accounted": _lt("Accounted for"),
        "unaccounted": _lt("Parts are missing"),
        "surplus": _lt("More than there should be"),
    },
    "fitting": {
        "fit": _lt("It may be fitted"),
        "successor": _lt("Its successor is to be fitted"),
        "refused": _lt("It may not be fitted"),
    },
    "tool_compensation": {"compensate": _lt("A compensation"), "nothing": _lt("Nothing")},
    "tool_departure": {
        "clear": _lt("No tools are held"),
        "hand_over": _lt("Tools are to be handed over"),
    },
}

#: ``{(kind, outcome): answer}``
OUTCOMES = {
    (kind, outcome): label for kind, labels in _BY_KIND.items() for outcome, label in labels.items()
}

#: ``{(parameter, code): word}``
VALUES = {
    ("warning", "out_of_stock"): _lt("out of stock"),
    ("warning", "no_supplier"): _lt("no supplier"),
    ("warning", "not_approved"): _lt("supplier not approved"),
    ("warning", "late"): _lt("should have been ordered already"),
    ("warning", "below_safety"): _lt("below safety stock"),
    ("warning", "superseded"): _lt("superseded"),
    ("warning", "overstock"): _lt("overstock"),
}
