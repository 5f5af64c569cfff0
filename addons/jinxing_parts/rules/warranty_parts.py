"""Every warranty part given to a provider is fitted, returned, or unaccounted for (G1.3)."""

from collections.abc import Collection
from dataclasses import dataclass

from odoo.addons.jinxing_base.rules.decision import Decision, Step

ACCOUNTED = "accounted"
UNACCOUNTED = "unaccounted"
SURPLUS = "surplus"
AUDIT_OUTCOMES = (ACCOUNTED, UNACCOUNTED, SURPLUS)

#: Quantities closer than this are equal.
EPSILON = 1e-6

STEP_KEYS = (
    "audit_sum",
    "audit_corrected",
    "audit_counted",
    "audit_not_counted",
    "audit_missing",
    "audit_surplus",
    "audit_fits",
    "audit_amount",
)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A part at a provider over a period.

    ``opening`` lay there at the start; ``issued`` came, ``fitted`` went into machines on signed
    orders, ``returned`` went back. ``corrected`` is what earlier counts took off (more than they
    added). ``counted`` is what lies there at the end, ``None`` when nobody counted. ``price`` is
    what a piece is worth.
    """

    part: str
    opening: float = 0.0
    issued: float = 0.0
    fitted: float = 0.0
    returned: float = 0.0
    corrected: float = 0.0
    counted: float | None = None
    price: float = 0.0

    @property
    def book(self) -> float:
        """What the books say lies there at the end."""
        return self.opening + self.issued - self.fitted - self.returned - self.corrected

    @property
    def missing(self) -> float:
        """What is neither fitted nor returned nor there; negative for a surplus."""
        short = self.corrected
        if self.counted is not None:
            short += self.book - self.counted
        return 0.0 if abs(short) < EPSILON else short

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {name: getattr(self, name) for name in self.__slots__}


def reconcile(provider: str, lines: Collection[AuditLine]) -> Decision:
    """Decide whether all warranty parts of a provider are accounted for (G1.3).

    ``"unaccounted"`` when any part is missing, else ``"surplus"`` when there are more than there
    should be. The fact ``amount`` is what the missing ones are worth; a surplus of one part does
    not pay for another.
    """
    steps = []
    amount = 0.0
    short = more = False
    for line in lines:
        missing = line.missing
        if not missing:
            continue
        steps.append(
            Step.of(
                "audit_sum",
                part=line.part,
                opening=line.opening,
                issued=line.issued,
                fitted=line.fitted,
                returned=line.returned,
            )
        )
        if line.corrected:
            steps.append(Step.of("audit_corrected", corrected=line.corrected))
        if line.counted is None:
            steps.append(Step.of("audit_not_counted", book=line.book))
        else:
            steps.append(Step.of("audit_counted", book=line.book, counted=line.counted))
        if missing > 0:
            short = True
            amount += missing * line.price
            steps.append(Step.of("audit_missing", part=line.part, missing=missing))
        else:
            more = True
            steps.append(Step.of("audit_surplus", part=line.part, surplus=-missing))
    amount = round(amount, 2)
    if not steps:
        steps.append(Step.of("audit_fits", provider=provider))
    if amount:
        steps.append(Step.of("audit_amount", provider=provider, amount=amount))
    return Decision(
        kind="parts_audit",
        outcome=UNACCOUNTED if short else SURPLUS if more else ACCOUNTED,
        clauses=("G1.3",),
        steps=tuple(steps),
        facts={
            "provider": provider,
            "lines": [line.to_json() for line in lines if line.missing],
            "amount": amount,
        },
    )
