"""Words for what rules/card_import.py finds: columns and reasons, in the reader's language."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

COLUMNS = {
    "serial": _lt("Serial number"),
    "model": _lt("Model"),
    "engine": _lt("Engine number"),
    "card": _lt("Card number"),
    "invoice": _lt("Invoice number"),
    "invoice_date": _lt("Invoice day"),
    "owner": _lt("Owner"),
    "phone": _lt("Phone"),
    "address": _lt("Address"),
    "dealer": _lt("Dealer"),
    "made": _lt("Manufactured on"),
}
REASONS = {
    "missing": _lt("is missing"),
    "too_long": _lt("is too long"),
    "characters": _lt("may hold only letters, digits and - / ."),
    "unknown": _lt("is not known"),
    "ambiguous": _lt("means more than one record"),
    "unreadable": _lt("is no date we can read (2026-03-15, 2026/3/15, 2026年3月15日)"),
    "future": _lt("lies in the future"),
    "too_early": _lt("lies before 1990"),
    "format": _lt("has the wrong form"),
    "before_made": _lt("lies before the day of manufacture"),
    "twice": _lt("stands in this list twice"),
    "has_card": _lt("has a warranty card already, or one that waits for activation"),
    "model_differs": _lt("is not the model this serial number is registered with"),
    "dealer_differs": _lt("is not the dealer this machine was delivered to"),
    "engine_differs": _lt("is not the engine this serial number is registered with"),
    "made_differs": _lt("is not the day of manufacture this serial number is registered with"),
    "engine_taken": _lt("is registered with another machine"),
    "card_taken": _lt("is the number of another card"),
    "no_policy": _lt("lies on a day for which no warranty policy holds"),
    "digits_lost": _lt("was kept as a number and has lost digits: format the cell as text"),
}


def column(env, name):
    """Return what a column is called."""
    return env._(COLUMNS[name])


def reason(env, key):
    """Return what is wrong, to be read behind the column's name."""
    return env._(REASONS[key])
