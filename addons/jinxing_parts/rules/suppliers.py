"""Parts are bought through proper channels only: an approved supplier with valid papers (A2).

Holds for our own purchase orders and for what a station reports to have bought itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from odoo.addons.jinxing_base.rules.decision import Decision, Step

APPROVED = "approved"
REFUSED = "refused"
SUPPLIER_OUTCOMES = (APPROVED, REFUSED)

STEP_KEYS = (
    "supplier_unknown",
    "supplier_not_for_part",
    "supplier_not_yet",
    "supplier_expired",
    "supplier_suspended",
    "supplier_approved",
    "supplier_paper_missing",
    "supplier_paper_expired",
    "supplier_paper_not_yet",
    "supplier_paper_valid",
    "supplier_may_supply",
    "supplier_may_not",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A qualification document: its kind, its number, from when to when it is valid."""

    kind: str
    number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def to_json(self) -> dict:
        """Return the paper as plain data."""
        return {
            "kind": self.kind,
            "number": self.number,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval of the supplier for the part."""

    number: str
    valid_from: date
    valid_to: date | None = None
    suspended: bool = False
    papers: Collection[Paper] = ()

    def to_json(self) -> dict:
        """Return the approval as plain data."""
        return {
            "number": self.number,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "suspended": self.suspended,
            "papers": [paper.to_json() for paper in self.papers],
        }


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """Who is to supply which part on which day, with what approvals for it.

    ``required`` names the kinds of papers the policy asks for. ``known`` tells whether the
    supplier is one we know at all; ``other_parts`` whether he is approved for other parts.
    """

    supplier: str
    part: str
    on: date
    required: Collection[str] = ()
    approvals: Collection[Approval] = ()
    known: bool = True
    other_parts: bool = False

    def to_json(self) -> dict:
        """Return what the decision is stored with, enough to replay it."""
        return {
            "supplier": self.supplier,
            "part": self.part,
            "on": self.on,
            "required": list(self.required),
            "approvals": [approval.to_json() for approval in self.approvals],
            "known": self.known,
            "other_parts": self.other_parts,
        }


def _approval_step(approval: Approval, on: date) -> Step | None:
    """Return why an approval does not hold on the day, ``None`` when it does."""
    if approval.suspended:
        return Step.of("supplier_suspended", approval=approval.number)
    if approval.valid_from > on:
        return Step.of(
            "supplier_not_yet", approval=approval.number, start_date=approval.valid_from
        )
    if approval.valid_to is not None and approval.valid_to < on:
        return Step.of("supplier_expired", approval=approval.number, end_date=approval.valid_to)
    return None


def _paper_step(kind: str, papers: Collection[Paper], on: date) -> tuple[bool, Step]:
    """Return whether a paper of the kind is valid on the day, and the step that says so."""
    of_kind = [paper for paper in papers if paper.kind == kind]
    if not of_kind:
        return False, Step.of("supplier_paper_missing", paper=kind)
    for paper in of_kind:
        begun = paper.valid_from is None or paper.valid_from <= on
        if begun and (paper.valid_to is None or paper.valid_to >= on):
            return True, Step.of("supplier_paper_valid", paper=kind, number=paper.number)
    ended = [paper.valid_to for paper in of_kind if paper.valid_to and paper.valid_to < on]
    if ended:
        return False, Step.of("supplier_paper_expired", paper=kind, end_date=max(ended))
    start = min(paper.valid_from for paper in of_kind if paper.valid_from)
    return False, Step.of("supplier_paper_not_yet", paper=kind, start_date=start)


def decide_supplier(facts: SupplierFacts) -> Decision:
    """Decide whether the supplier may supply the part on the day (A2).

    ``until`` is the last day on which approval and papers both still hold, if any of them ends.
    """
    steps: list[Step] = []
    until = None
    outcome = REFUSED
    holding = [a for a in facts.approvals if _approval_step(a, facts.on) is None]
    if not holding:
        reasons = [_approval_step(approval, facts.on) for approval in facts.approvals]
        steps += [reason for reason in reasons if reason]
        if not facts.known:
            steps.append(Step.of("supplier_unknown", supplier=facts.supplier))
        elif not steps:
            steps.append(
                Step.of(
                    "supplier_not_for_part",
                    supplier=facts.supplier,
                    part=facts.part,
                    others=facts.other_parts,
                )
            )
    for approval in holding:
        found = [_paper_step(kind, approval.papers, facts.on) for kind in facts.required]
        told = [
            Step.of("supplier_approved", approval=approval.number, part=facts.part),
            *(step for _valid, step in found),
        ]
        if all(valid for valid, _step in found):
            outcome, steps = APPROVED, told
            ends = [approval.valid_to] + [
                paper.valid_to for paper in approval.papers if paper.kind in facts.required
            ]
            until = min((end for end in ends if end and end >= facts.on), default=None)
            break
        steps += told
    key = "supplier_may_supply" if outcome == APPROVED else "supplier_may_not"
    steps.append(Step.of(key, supplier=facts.supplier, part=facts.part))
    return Decision(
        kind="supplier",
        outcome=outcome,
        clauses=("A2",),
        steps=tuple(steps),
        facts=facts.to_json(),
        until=until,
    )
