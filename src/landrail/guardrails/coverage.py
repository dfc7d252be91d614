"""What the preventive form of a guardrail reaches: which actions it denies, which carry its keys,
which it cannot hold and why.

Read from the statements themselves where they deny plainly, from the data where they hold a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.holding import parts_of
from landrail.guardrails.statements import Statement
from landrail.policy.reference.services import matching

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Held:
    """One condition key of a guardrail: what must be true of it, the actions whose requests carry
    it and those of them that are covered."""

    key: str
    says: str
    carrying: tuple[str, ...]
    covered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a guardrail denies. `covered` are actions (`sagemaker:CreateModel`), `every` patterns
    of a statement about all actions of a service or about all but some. `uncovered` are actions
    that its condition cannot hold, each with the reason."""

    guardrail: Guardrail
    covered: tuple[str, ...]
    every: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()
    uncovered: Mapping[str, str] = field(default_factory=dict)

    @property
    def carrying(self) -> tuple[str, ...]:
        """The actions that carry a key of the guardrail's."""
        return tuple(sorted({action for one in self.held for action in one.carrying}))


def coverage(guardrail: Guardrail, facts: Facts) -> Coverage:
    """Return what a guardrail's preventive form reaches."""
    statements = (*guardrail.statements(facts), *guardrail.resource_statements(facts))
    parts = (*parts_of(guardrail.service_control), *parts_of(guardrail.resource_control))
    if not parts:
        covered, every = _read(statements)
        return Coverage(guardrail, covered, every, uncovered=guardrail.unheld)
    held = []
    for part in parts:
        must = part.must(facts)
        carrying = _full(part.service, part.carrying)
        says = must.says if must is not None else "is what the file says"
        held.append(Held(part.key, says, carrying, _full(part.service, part.held)))
    reasons = {f"{part.service}:{n}": why for part in parts for n, why in part.unheld.items()}
    covered = tuple(sorted({action for one in held for action in one.covered}))
    left = {name: why for name, why in reasons.items() if name not in covered}
    return Coverage(guardrail, covered, (), tuple(held), dict(sorted(left.items())))


def _read(statements: Iterable[Statement]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the actions that statements name, and what stands for more than can be listed."""
    actions: set[str] = set()
    every: list[str] = []
    for statement in statements:
        if "NotAction" in statement:
            spared = _listed(statement["NotAction"])
            every.append(f"all but {len(spared)} patterns")
        for pattern in _listed(statement.get("Action", ())):
            service = pattern.partition(":")[0]
            if pattern == EVERY or pattern.endswith(f":{EVERY}"):
                every.append(pattern)
            else:
                actions.update(f"{service}:{name}" for name in matching(pattern))
    return tuple(sorted(actions)), tuple(dict.fromkeys(every))


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def _full(service: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names)
