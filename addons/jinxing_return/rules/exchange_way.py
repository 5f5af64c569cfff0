"""How an exchange can be made: the same model and specification, or what the law leaves (G2).

The user gets a machine or part of the same model and specification. When none is free, nobody
may be put off: he waits for the next one if he likes, takes the money back, or agrees to another
model. The choice is his, never ours.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.addons.jinxing_base.rules.decision import Decision, Step

SAME_MODEL = "same_model"
NO_STOCK = "no_stock"

#: What the user may choose when the same model is not there.
WAIT = "wait"
REFUND = "refund"
OTHER_MODEL = "other_model"
DEALER_REFUND = "dealer_refund"


@dataclass(frozen=True, slots=True)
class WayFacts:
    """What is asked for and what there is on the day ``on``.

    ``free`` is the stock of the same model and specification that nobody has reserved,
    ``expected`` the day the next one is due, if one is on its way. ``others`` names other models
    in stock. ``entitlement`` is the clause of an exchange right; ``own_sale`` tells whether we
    owe the money back or ``seller`` does.
    """

    on: date
    wanted: str
    quantity: Decimal = Decimal(1)
    free: Decimal = Decimal(0)
    expected: date | None = None
    others: tuple[str, ...] = ()
    entitlement: str = ""
    own_sale: bool = True
    seller: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with."""
        return {
            "on": self.on,
            "wanted": self.wanted,
            "quantity": str(self.quantity),
            "free": str(self.free),
            "expected": self.expected,
            "others": list(self.others),
            "entitlement": self.entitlement,
            "own_sale": self.own_sale,
        }


def decide_way(facts: WayFacts) -> Decision:
    """Decide how the exchange is made (G2.1, G2.2, R10).

    The outcome is ``same_model`` or ``no_stock``; ``facts["offers"]`` of the decision names what
    the user may choose then.

    :raises ValueError: the quantity is not positive
    """
    if facts.quantity <= 0:
        raise ValueError(f"nothing to exchange: quantity {facts.quantity}")
    clauses = (facts.entitlement, "R9") if facts.entitlement else ("R10",)
    if facts.free >= facts.quantity:
        step = Step.of("way_same_model", product=facts.wanted, free=_number(facts.free))
        return Decision("exchange_way", SAME_MODEL, clauses, (step,), facts.to_json())
    steps = [Step.of("way_no_stock", product=facts.wanted, free=_number(facts.free))]
    offers = [WAIT]
    if facts.expected is None:
        steps.append(Step.of("way_wait_order", product=facts.wanted))
    else:
        steps.append(Step.of("way_wait_expected", expected_date=facts.expected))
    if facts.own_sale:
        offers.append(REFUND)
        steps.append(Step.of("way_refund"))
    else:
        offers.append(DEALER_REFUND)
        steps.append(Step.of("way_refund_seller", seller=facts.seller))
    if facts.others:
        offers.append(OTHER_MODEL)
        steps.append(Step.of("way_other_model", others=", ".join(facts.others)))
    data = {**facts.to_json(), "offers": offers}
    return Decision("exchange_way", NO_STOCK, clauses, tuple(steps), data)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


STEP_KEYS = frozenset(
    {
        "way_same_model", "way_no_stock", "way_wait_order", "way_wait_expected", "way_refund",
        "way_refund_seller", "way_other_model",
    }
)
