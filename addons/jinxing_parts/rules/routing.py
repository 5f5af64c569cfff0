"""Who supplies a requisition, on what terms, and within what credit (A3, B22).

A station asks its region's parts centre; where the region has none, headquarters supplies. What
moves between our own stores moves as stock; an independent station buys, unless the parts are
warranty parts that stay ours until they are fitted.
"""

from dataclasses import dataclass, replace

from odoo.addons.jinxing_base.rules.decision import Decision, Step

CENTRE = "centre"
HEADQUARTERS = "headquarters"
SUPPLY_OUTCOMES = (CENTRE, HEADQUARTERS)

INTERNAL = "internal"
CONSIGNMENT = "consignment"
SALE = "sale"
TERMS_OUTCOMES = (INTERNAL, CONSIGNMENT, SALE)

WITHIN = "within"
EXCEEDED = "exceeded"
CREDIT_OUTCOMES = (WITHIN, EXCEEDED)

STEP_KEYS = (
    "supply_named",
    "supply_region",
    "supply_no_centre",
    "supply_itself",
    "supply_no_warehouse",
    "supply_rerouted",
    "supply_by",
    "supply_headquarters",
    "terms_own",
    "terms_warranty",
    "terms_no_store",
    "terms_buys",
    "credit_none",
    "credit_sum",
    "credit_within",
    "credit_exceeded",
)


@dataclass(frozen=True, slots=True)
class Centre:
    """A parts centre; ``stocked`` tells whether it has a warehouse in service."""

    key: int
    name: str
    stocked: bool = True

    def to_json(self) -> dict:
        """Return the centre as plain data."""
        return {"key": self.key, "name": self.name, "stocked": self.stocked}


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """Who asks, and which centres could supply him.

    ``key`` is the requester's, to tell a centre that would supply itself. ``named`` is the centre
    agreed with him, ``region_centre`` that of his region ``region``.
    """

    requester: str
    key: int
    named: Centre | None = None
    region: str = ""
    region_centre: Centre | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "requester": self.requester,
            "key": self.key,
            "named": self.named and self.named.to_json(),
            "region": self.region,
            "region_centre": self.region_centre and self.region_centre.to_json(),
        }


def decide_supply(facts: SupplyFacts) -> Decision:
    """Decide which centre supplies (A3): the one agreed, else the region's, else headquarters.

    The fact ``centre`` of the decision is the key of the centre, ``None`` for headquarters.
    """
    steps = []
    found = None
    if facts.named:
        steps.append(Step.of("supply_named", centre=facts.named.name, requester=facts.requester))
    elif facts.region_centre:
        steps.append(
            Step.of("supply_region", centre=facts.region_centre.name, region=facts.region)
        )
    else:
        steps.append(Step.of("supply_no_centre", requester=facts.requester))
    centre = facts.named or facts.region_centre
    if centre and centre.key == facts.key:
        steps.append(Step.of("supply_itself", centre=centre.name))
    elif centre and not centre.stocked:
        steps.append(Step.of("supply_no_warehouse", centre=centre.name))
    else:
        found = centre
    if found:
        steps.append(Step.of("supply_by", centre=found.name))
    else:
        steps.append(Step.of("supply_headquarters"))
    return Decision(
        kind="parts_supply",
        outcome=CENTRE if found else HEADQUARTERS,
        clauses=("A3",),
        steps=tuple(steps),
        facts={**facts.to_json(), "centre": found.key if found else None},
    )


def reroute(
    decision: Decision, warehouse: str, centre: int | None, user: str, reason: str
) -> Decision:
    """Return the decision that another warehouse supplies, because somebody says so (A3).

    :param centre: key of the centre whose warehouse it is, ``None`` for headquarters
    :raises ValueError: no reason is given
    """
    if not reason.strip():
        raise ValueError("another supplier needs a reason")
    step = Step.of("supply_rerouted", warehouse=warehouse, user=user, reason=reason.strip())
    return replace(
        decision,
        outcome=HEADQUARTERS if centre is None else CENTRE,
        steps=(*decision.steps, step),
        facts={**decision.facts, "centre": centre},
    )


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """A line of a requisition: ``own`` store of ours or not, warranty parts or bought ones.

    ``has_store`` tells whether the requester keeps a store for parts that stay ours.
    """

    requester: str
    own: bool
    warranty: bool
    has_store: bool

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "requester": self.requester,
            "own": self.own,
            "warranty": self.warranty,
            "has_store": self.has_store,
        }


def decide_terms(facts: TermsFacts) -> Decision:
    """Decide whether parts move as our stock or are sold (A3).

    ``"internal"`` to our own centres and vans, ``"consignment"`` for warranty parts of an
    independent station that keeps a store of ours, ``"sale"`` otherwise.
    """
    steps = []
    if facts.own:
        outcome = INTERNAL
        steps.append(Step.of("terms_own", requester=facts.requester))
    elif facts.warranty and facts.has_store:
        outcome = CONSIGNMENT
        steps.append(Step.of("terms_warranty", requester=facts.requester))
    else:
        outcome = SALE
        if facts.warranty:
            steps.append(Step.of("terms_no_store", requester=facts.requester))
        steps.append(Step.of("terms_buys", requester=facts.requester))
    return Decision(
        kind="parts_terms",
        outcome=outcome,
        clauses=("A3", "G1.3") if facts.warranty else ("A3",),
        steps=tuple(steps),
        facts=facts.to_json(),
    )


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What a station owes, what it may owe (``None``: no limit is set), and what it orders."""

    owed: float
    ordered: float
    limit: float | None = None

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {"owed": self.owed, "ordered": self.ordered, "limit": self.limit}


def decide_credit(facts: CreditFacts) -> Decision:
    """Decide whether an order keeps within the station's credit (A3).

    :raises ValueError: a negative limit or order
    """
    if facts.ordered < 0 or (facts.limit is not None and facts.limit < 0):
        raise ValueError(f"neither orders nor limits are negative: {facts!r}")
    total = facts.owed + facts.ordered
    if facts.limit is None:
        steps = (Step.of("credit_none"),)
        outcome = WITHIN
    else:
        outcome = WITHIN if total <= facts.limit + 0.005 else EXCEEDED
        steps = (
            Step.of("credit_sum", owed=facts.owed, ordered=facts.ordered, total=total),
            Step.of(
                "credit_within" if outcome == WITHIN else "credit_exceeded",
                limit=facts.limit,
                total=total,
            ),
        )
    return Decision(
        kind="parts_credit", outcome=outcome, clauses=("A3",), steps=steps, facts=facts.to_json()
    )
