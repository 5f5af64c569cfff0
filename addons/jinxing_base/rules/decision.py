"""What every rule of the handbook answers with.

A rule takes facts and gives a :class:`Decision`: an outcome, the clause codes it rests on, and
the steps that led there. Steps are keys with parameters, not sentences, so that one stored
decision can be explained to each reader in his own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


def plain(value: Any) -> Any:
    """Return ``value`` as something JSON can hold; dates become ISO strings."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Step:
    """One line of reasoning: the key of a text and the values it speaks of."""

    key: str
    params: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, **params: Any) -> "Step":
        """Build a step from keyword parameters."""
        return cls(key, tuple(params.items()))


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a rule.

    ``kind`` names the question ("cover"), ``outcome`` the answer ("free"), ``clauses`` the
    codes it rests on (the deciding one first), ``until`` the last day it holds, if any.
    """

    kind: str
    outcome: str
    clauses: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the decision as plain JSON data (steps as ``[key, params]`` pairs)."""
        return {
            "kind": self.kind,
            "outcome": self.outcome,
            "clauses": list(self.clauses),
            "steps": [[step.key, plain(dict(step.params))] for step in self.steps],
            "facts": plain(self.facts),
            "until": plain(self.until),
        }
