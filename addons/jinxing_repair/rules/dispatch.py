"""Who is sent: the provider of a request and its technician (G3.1, T1-T5, S7, S8.11).

The seller or his appointed station serves what he sold (G3.1); where that cannot be, the
headquarters do. Technicians are ranked, and whoever may not be sent is told why, by clause; a
supervisor may still send him, with a written reason.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from odoo.addons.jinxing_base.rules.decision import Decision, Step
from odoo.addons.jinxing_technician.rules.grading import ALLOWED

SELLER = "seller"
APPOINTED_STATION = "appointed_station"
LOCAL_STATION = "local_station"
HEADQUARTERS = "headquarters"
PROVIDER_OUTCOMES = (SELLER, APPOINTED_STATION, LOCAL_STATION, HEADQUARTERS)

ACCEPTED = "accepted"
DECLINED = "declined"
EXPIRED = "expired"
OPEN = "open"
ACCEPTANCE_OUTCOMES = (ACCEPTED, DECLINED, EXPIRED, OPEN)

PROPOSED = "proposed"
NOT_PROPOSED = "not_proposed"
GRANTED = "granted"
NOT_GRANTED = "not_granted"

#: Mean radius of the earth in kilometres.
_EARTH_KM = 6371.0088

STEP_KEYS = (
    "provider_sold_by",
    "provider_no_seller",
    "provider_seller",
    "provider_appointed",
    "provider_seller_cannot",
    "provider_appointed_cannot",
    "provider_cross_region",
    "provider_local_cannot",
    "provider_seller_liable",
    "provider_refused",
    "provider_headquarters",
    "acceptance_deadline",
    "acceptance_accepted",
    "acceptance_accepted_late",
    "acceptance_declined",
    "acceptance_expired",
    "acceptance_open",
    "technician_not_graded",
    "technician_same_city",
    "technician_same_region",
    "technician_elsewhere",
    "technician_other_provider",
    "technician_off_duty",
    "technician_full",
    "technician_load",
    "technician_distance",
    "technician_distance_unknown",
    "override_granted",
    "override_no_reason",
    "override_not_supervisor",
)


# -- the provider ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Provider:
    """A partner who could do the work.

    ``in_network`` is false once he left the network, ``repairs`` for one who only sells.
    """

    key: int
    name: str = ""
    in_network: bool = True
    repairs: bool = True

    @property
    def can_serve(self) -> bool:
        """Tell whether work can be given to him."""
        return self.in_network and self.repairs


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What the default provider of a request follows from.

    ``appointed`` is the station the seller appointed. ``local`` is the station of the place of
    breakdown, given only when the machine broke down outside the seller's area (cross-region
    harvest). ``refused`` holds the keys of providers that declined or let the time pass.
    """

    headquarters: Provider
    seller: Provider | None = None
    appointed: Provider | None = None
    cross_region: bool = False
    local: Provider | None = None
    refused: Collection[int] = frozenset()

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        providers = {
            "headquarters": self.headquarters,
            "seller": self.seller,
            "appointed": self.appointed,
            "local": self.local,
        }
        return {
            **{
                role: one
                and {
                    "key": one.key,
                    "name": one.name,
                    "in_network": one.in_network,
                    "repairs": one.repairs,
                }
                for role, one in providers.items()
            },
            "cross_region": self.cross_region,
            "refused": frozenset(self.refused),
        }


def default_provider(facts: ProviderFacts) -> Decision:
    """Decide whom a new request goes to (G3.1).

    In this order, whoever can serve and has not refused: the station of the place when the
    machine broke down outside the seller's area, the seller's appointed station, the seller,
    the headquarters. ``Decision.facts["provider"]`` is the key of the one chosen.
    """
    steps = []
    seller = facts.seller
    if seller is None:
        steps.append(Step.of("provider_no_seller"))
    else:
        steps.append(Step.of("provider_sold_by", provider=seller.name))
    options = []
    if facts.cross_region:
        steps.append(Step.of("provider_cross_region"))
        options.append((LOCAL_STATION, facts.local, "provider_local_cannot"))
    if seller is not None:
        options.append((APPOINTED_STATION, facts.appointed, "provider_appointed_cannot"))
        options.append((SELLER, seller, "provider_seller_cannot"))
    outcome, provider = HEADQUARTERS, facts.headquarters
    for role, option, cannot in options:
        if option is None:
            continue
        if option.key in facts.refused:
            steps.append(Step.of("provider_refused", provider=option.name))
        elif not option.can_serve:
            steps.append(Step.of(cannot, provider=option.name))
        else:
            outcome, provider = role, option
            break
    text = {
        SELLER: "provider_seller",
        APPOINTED_STATION: "provider_appointed",
        LOCAL_STATION: "provider_seller_liable",
        HEADQUARTERS: "provider_headquarters",
    }[outcome]
    steps.append(Step.of(text, provider=provider.name))
    return Decision(
        kind="provider",
        outcome=outcome,
        clauses=("G3.1",),
        steps=tuple(steps),
        facts={**facts.to_json(), "provider": provider.key},
    )


def acceptance_deadline(assigned_at: datetime, minutes: float) -> datetime:
    """Return until when a provider may answer before the order falls back.

    :raises ValueError: ``minutes`` is not above zero
    """
    if minutes <= 0:
        raise ValueError(f"a provider needs minutes to answer in, not {minutes!r}")
    return assigned_at + timedelta(minutes=minutes)


def judge_acceptance(
    deadline: datetime,
    now: datetime,
    *,
    assigned_at: datetime | None = None,
    accepted_at: datetime | None = None,
    declined_at: datetime | None = None,
    reason: str = "",
) -> Decision:
    """Judge a provider's answer to an assignment (G1.1, G3.1).

    ``"accepted"``, ``"declined"``, ``"open"`` up to the deadline's second, then ``"expired"``:
    the order goes back to the headquarters. An acceptance after the deadline still is one, as
    long as the order had not been taken back.
    """
    steps = []
    if assigned_at is not None:
        steps.append(Step.of("acceptance_deadline", assigned_at=assigned_at, deadline_at=deadline))
    if declined_at is not None:
        outcome = DECLINED
        steps.append(Step.of("acceptance_declined", declined_at=declined_at, reason=reason.strip()))
    elif accepted_at is not None:
        outcome = ACCEPTED
        key = "acceptance_accepted" if accepted_at <= deadline else "acceptance_accepted_late"
        steps.append(Step.of(key, accepted_at=accepted_at, deadline_at=deadline))
    else:
        outcome = OPEN if now <= deadline else EXPIRED
        steps.append(Step.of(f"acceptance_{outcome}", deadline_at=deadline))
    return Decision(
        kind="acceptance",
        outcome=outcome,
        clauses=("G1.1", "G3.1"),
        steps=tuple(steps),
        facts={
            "assigned_at": assigned_at,
            "deadline": deadline,
            "accepted_at": accepted_at,
            "declined_at": declined_at,
            "reason": reason,
            "now": now,
        },
    )


# -- the technician ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody or something is; ``city`` and ``region`` are names or keys, "" unknown.

    ``latitude`` and ``longitude`` are degrees, both or none.
    """

    city: str | int = ""
    region: str | int = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_located(self) -> bool:
        """Tell whether the position is known."""
        return self.latitude is not None and self.longitude is not None


def haversine(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    """Return the distance of two points given in degrees, as the crow flies, in kilometres."""
    phi, phi2 = radians(latitude), radians(latitude2)
    half = (
        sin((phi2 - phi) / 2) ** 2
        + cos(phi) * cos(phi2) * sin(radians(longitude2 - longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * asin(sqrt(min(half, 1.0)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician as the ranking sees him on the day.

    ``grading`` is the decision of ``grading.may_dispatch``, ``grade`` his grade (0 = none).
    ``load`` counts his orders of the day, ``capacity`` how many he takes (``None``: no limit).
    ``on_duty`` is ``None`` where no roster is kept. ``distance_km`` wins over the positions.
    ``remarks`` are told with the reasons and decide nothing.
    """

    key: int
    name: str = ""
    provider: int | None = None
    grading: Decision | None = None
    grade: int = 0
    place: Place = Place()
    load: int = 0
    capacity: int | None = None
    on_duty: bool | None = None
    distance_km: float | None = None
    remarks: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What an order asks for; ``provider`` is the one it was given to (``None``: anybody)."""

    place: Place = Place()
    provider: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One technician in the ranking: may he be sent, why, and his place in the order.

    ``score`` orders proposals, the smallest first: refused, distance class (same city, same
    region, elsewhere), orders of the day, distance unknown, kilometres, grade, key.
    ``refusals`` are those of ``reasons`` that speak against him.
    """

    key: int
    score: tuple
    allowed: bool
    reasons: tuple[Step, ...]
    clauses: tuple[str, ...]
    refusals: tuple[Step, ...] = ()
    distance_km: float | None = None

    def to_decision(self) -> Decision:
        """Return the proposal as a decision to store."""
        return Decision(
            kind="proposal",
            outcome=PROPOSED if self.allowed else NOT_PROPOSED,
            clauses=self.clauses,
            steps=self.reasons,
            facts={
                "technician": self.key,
                "score": self.score,
                "distance_km": self.distance_km,
            },
        )


def _distance(candidate: Candidate, need: Need) -> float | None:
    if candidate.distance_km is not None:
        return round(candidate.distance_km, 1)
    here, there = candidate.place, need.place
    if not (here.is_located and there.is_located):
        return None
    return round(haversine(here.latitude, here.longitude, there.latitude, there.longitude), 1)


def _region_class(candidate: Candidate, need: Need) -> int:
    """Return 0 in the same city, 1 in the same region, 2 elsewhere or unknown."""
    here, there = candidate.place, need.place
    if there.region and here.region and here.region != there.region:
        # A city of the same name in another region is another city.
        return 2
    if there.city and here.city == there.city:
        return 0
    return 1 if there.region and here.region else 2


def propose(candidate: Candidate, need: Need) -> Proposal:
    """Return what speaks for and against sending one technician."""
    against: list[Step] = []
    against_clauses: list[str] = []
    reasons: list[Step] = []
    clauses: tuple[str, ...] = ()
    grading = candidate.grading
    if grading is None:
        against.append(Step.of("technician_not_graded"))
        against_clauses.append("S7")
    else:
        reasons += grading.steps
        if grading.outcome == ALLOWED:
            clauses = grading.clauses
        else:
            against.append(grading.steps[-1] if grading.steps else Step.of("technician_not_graded"))
            against_clauses += grading.clauses
    if need.provider is not None and candidate.provider != need.provider:
        against.append(Step.of("technician_other_provider"))
        against_clauses.append("G3.1")
    if candidate.on_duty is False:
        against.append(Step.of("technician_off_duty"))
        against_clauses.append("S8.11")
    if candidate.capacity is not None and candidate.load >= candidate.capacity:
        against.append(
            Step.of("technician_full", orders=candidate.load, capacity=candidate.capacity)
        )
        against_clauses.append("S8.11")
    else:
        reasons.append(Step.of("technician_load", orders=candidate.load))
    near = _region_class(candidate, need)
    reasons.append(
        Step.of(("technician_same_city", "technician_same_region", "technician_elsewhere")[near])
    )
    distance = _distance(candidate, need)
    if distance is None:
        reasons.append(Step.of("technician_distance_unknown"))
    else:
        reasons.append(Step.of("technician_distance", kilometres=distance))
    reasons += candidate.remarks
    reasons += [step for step in against if step not in reasons]
    cites = (*against_clauses, *clauses, *(() if need.provider is None else ("G3.1",)))
    return Proposal(
        key=candidate.key,
        score=(
            int(bool(against)),
            near,
            candidate.load,
            int(distance is None),
            distance or 0.0,
            candidate.grade,
            candidate.key,
        ),
        allowed=not against,
        reasons=tuple(reasons),
        clauses=tuple(dict.fromkeys(cites)),
        refusals=tuple(against),
        distance_km=distance,
    )


def rank_technicians(candidates: Iterable[Candidate], need: Need) -> tuple[Proposal, ...]:
    """Return a proposal for each technician, the best first, the refused last (T1-T5, S7).

    Among those who may be sent: the nearer place, then the fewer orders of the day, then the
    fewer kilometres (unknown last), then the lower grade, so that the best are kept for what
    only they can do. The order is total: no two proposals tie.

    :raises ValueError: a technician is given twice
    """
    proposals = [propose(candidate, need) for candidate in candidates]
    if len({proposal.key for proposal in proposals}) < len(proposals):
        raise ValueError("a technician is given twice")
    return tuple(sorted(proposals, key=lambda proposal: proposal.score))


def decide_override(
    reason: str, *, is_supervisor: bool, clauses: Collection[str], who: int | None = None
) -> Decision:
    """Decide whether a choice against the rule holds (G3.1, T1-T5).

    ``clauses`` are those overruled (of the refused proposal, or G3.1 for another provider).
    Only a supervisor may, and only with a written reason.
    """
    reason = reason.strip()
    if not is_supervisor:
        outcome, step = NOT_GRANTED, Step.of("override_not_supervisor")
    elif not reason:
        outcome, step = NOT_GRANTED, Step.of("override_no_reason")
    else:
        outcome, step = GRANTED, Step.of("override_granted", reason=reason)
    return Decision(
        kind="override",
        outcome=outcome,
        clauses=tuple(dict.fromkeys(clauses)),
        steps=(step,),
        facts={"reason": reason, "is_supervisor": is_supervisor, "who": who},
    )
