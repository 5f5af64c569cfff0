"""From forecast and plans to what is bought: netting, packs, lead times, warnings (A4).

Quantities are in the part's own unit, money in the company's currency, days are calendar days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from odoo.addons.jinxing_base.rules.decision import Decision, Step

#: Quantities closer than this are equal.
EPSILON = 1e-6

ENOUGH = "enough"
TRANSFER = "transfer"
BUY = "buy"
PLAN_OUTCOMES = (ENOUGH, TRANSFER, BUY)

OUT_OF_STOCK = "out_of_stock"
BELOW_SAFETY = "below_safety"
OVERSTOCK = "overstock"
LATE = "late"
NO_SUPPLIER = "no_supplier"
NOT_APPROVED = "not_approved"
SUPERSEDED = "superseded"
#: The warnings of a line (库存预警), the gravest first.
WARNINGS = (OUT_OF_STOCK, NO_SUPPLIER, NOT_APPROVED, LATE, BELOW_SAFETY, SUPERSEDED, OVERSTOCK)

STEP_KEYS = (
    "plan_forecast",
    "plan_growth",
    "plan_requested",
    "plan_transfers",
    "plan_demand",
    "plan_available",
    "plan_enough",
    "plan_net",
    "plan_lot",
    "plan_transfer",
    "plan_buy",
    "plan_warning",
)


@dataclass(slots=True)
class LineFacts:
    """A part at a warehouse, for one period.

    ``forecast`` is the demand expected in the period from the past, ``growth`` the share by which
    the machines it fits grow in number, ``requested`` what stations and centres plan to need,
    ``transfers`` what the warehouses supplied from here need. ``incoming`` and ``committed`` are
    ordered and promised already. ``safety`` is the stock the class asks to keep. ``bought`` tells
    a warehouse that buys from one that is supplied by another. ``supplier`` is empty without one,
    ``approved`` is asked only with one (A2).
    """

    forecast: float = 0.0
    growth: float = 0.0
    requested: float = 0.0
    transfers: float = 0.0
    on_hand: float = 0.0
    incoming: float = 0.0
    committed: float = 0.0
    safety: float = 0.0
    months: int = 1
    overstock_months: int = 0
    today: date = date.min
    need_by: date = date.max
    lead_days: int = 0
    bought: bool = True
    supplier: str = ""
    approved: bool = True
    min_qty: float = 0.0
    pack_qty: float = 0.0
    price: float = 0.0
    superseded_by: str = ""

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class NetLine:
    """What comes of a line: ``net`` is what is lacking, ``quantity`` that in whole packs."""

    demand: float
    available: float
    net: float
    quantity: float
    amount: float
    order_by: date | None
    warnings: tuple[str, ...] = ()


def lot(net: float, min_qty: float = 0.0, pack_qty: float = 0.0) -> float:
    """Return the quantity to order: at least the least one, in whole packs; 0 for nothing.

    Without packs a part is ordered in whole pieces.

    :raises ValueError: a negative least quantity or pack
    """
    if min_qty < 0 or pack_qty < 0:
        raise ValueError(f"neither least quantity nor pack is negative: {min_qty}, {pack_qty}")
    if net <= EPSILON:
        return 0.0
    pack = pack_qty if pack_qty > EPSILON else 1.0
    return ceil(max(net, min_qty) / pack - EPSILON) * pack


def demand_of(facts: LineFacts) -> float:
    """Return the demand of the period.

    What is planned counts when it is more than the past and the growing number of machines let
    expect; the needs of supplied warehouses come on top.
    """
    expected = facts.forecast * (1.0 + facts.growth)
    return max(expected, facts.requested, 0.0) + facts.transfers


def net_line(facts: LineFacts) -> NetLine:
    """Net the demand of a line against stock and what is coming (A4)."""
    demand = demand_of(facts)
    available = facts.on_hand + facts.incoming - facts.committed
    superseded = bool(facts.superseded_by)
    # a superseded part is used up, its successor is bought
    net = demand + (0.0 if superseded else facts.safety) - available
    if net <= EPSILON:
        net = 0.0
    quantity = amount = 0.0
    order_by = None
    if net and not superseded:
        if facts.bought:
            quantity = lot(net, facts.min_qty, facts.pack_qty)
            amount = quantity * facts.price
        else:
            quantity = lot(net)
        order_by = facts.need_by - timedelta(days=facts.lead_days)
    return NetLine(
        demand, available, net, quantity, amount, order_by,
        _warnings(facts, demand, available, quantity, order_by),
    )


def _warnings(
    facts: LineFacts, demand: float, available: float, quantity: float, order_by: date | None
) -> tuple[str, ...]:
    found = []
    superseded = bool(facts.superseded_by)
    if demand > EPSILON and available <= EPSILON:
        found.append(OUT_OF_STOCK)
    if quantity and facts.bought:
        if not facts.supplier:
            found.append(NO_SUPPLIER)
        elif not facts.approved:
            found.append(NOT_APPROVED)
    if order_by is not None and order_by < facts.today:
        found.append(LATE)
    if not superseded and facts.on_hand < facts.safety - EPSILON:
        found.append(BELOW_SAFETY)
    if superseded and (demand > EPSILON or facts.on_hand > EPSILON):
        found.append(SUPERSEDED)
    if facts.overstock_months > 0 and facts.on_hand > EPSILON:
        monthly = demand / max(facts.months, 1)
        if available > monthly * facts.overstock_months + facts.safety + EPSILON:
            found.append(OVERSTOCK)
    return tuple(found)


def decide_line(facts: LineFacts, part: str, warehouse: str) -> Decision:
    """Explain a line of the plan: enough, brought from another warehouse, or bought (A4)."""
    line = net_line(facts)
    steps = [Step.of("plan_forecast", part=part, warehouse=warehouse, forecast=facts.forecast)]
    if facts.growth:
        steps.append(
            Step.of(
                "plan_growth",
                percent=round(100 * facts.growth, 2),
                expected=round(facts.forecast * (1 + facts.growth), 2),
            )
        )
    if facts.requested:
        steps.append(Step.of("plan_requested", requested=facts.requested))
    if facts.transfers:
        steps.append(Step.of("plan_transfers", transfers=facts.transfers))
    steps.append(Step.of("plan_demand", demand=round(line.demand, 2), safety=facts.safety))
    steps.append(
        Step.of(
            "plan_available",
            on_hand=facts.on_hand,
            incoming=facts.incoming,
            committed=facts.committed,
            available=round(line.available, 2),
        )
    )
    if not line.quantity:
        outcome = ENOUGH
        steps.append(Step.of("plan_enough"))
    else:
        steps.append(Step.of("plan_net", net=round(line.net, 2)))
        if facts.bought:
            outcome = BUY
            steps.append(Step.of("plan_lot", min_qty=facts.min_qty, pack_qty=facts.pack_qty))
            steps.append(
                Step.of(
                    "plan_buy",
                    quantity=line.quantity,
                    amount=round(line.amount, 2),
                    order_date=line.order_by,
                )
            )
        else:
            outcome = TRANSFER
            steps.append(
                Step.of("plan_transfer", quantity=line.quantity, order_date=line.order_by)
            )
    steps += [Step.of("plan_warning", warning=code) for code in line.warnings]
    return Decision(
        kind="parts_plan",
        outcome=outcome,
        clauses=("A4",),
        steps=tuple(steps),
        facts=facts.to_json(),
    )
