"""A preventive form that is derived: a condition key, and what must be true of it.

The actions are looked up in the service-authorization data: every one whose requests carry the
key, so none is forgotten and a new one is covered when the data is. What carries no key though it
makes the same thing is named with the reason why the key cannot hold there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from landrail.guardrails.actions import carrying, narrow
from landrail.guardrails.guardrail import Facts
from landrail.guardrails.must import Block, Must, both
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny
from landrail.policy.reference.services import older_names

Wanted = Callable[[Facts], Must | None]


@dataclass(frozen=True, slots=True)
class InPlace:
    """Where the roles in `roles` need not meet the condition: requests of an action that name
    something which is held itself, by the condition key `key`; without one, all requests."""

    roles: tuple[str, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A condition key (`sagemaker:VpcSubnets`) and what must be true of it; called with the facts,
    it gives the statements that deny whatever breaks it.

    `must` gives the condition, or None where the file says nothing that could be held. `of` is the
    service, where the key is not one's own (`aws:TagKeys`), and `published` the key as the data
    writes it, where the key ends in a name. `only_where` is a further test of requests that it is
    about at all. `unless` are the roles that are exempt.
    `in_place` are the actions where naming another thing will do, `apart` those that carry the key
    and are left out, `beside` those that carry none, each with its reason.
    """

    key: str
    must: Wanted
    of: str = ""
    published: str = ""
    only_where: Block = field(default_factory=dict)
    unless: tuple[str, ...] = BREAK_GLASS_ONLY
    in_place: Mapping[str, InPlace] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The service whose actions carry the key."""
        return self.of or self.key.partition(":")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The key, and the older names under which requests may carry it."""
        return (self.key, *older_names(self.key))

    @property
    def carrying(self) -> tuple[str, ...]:
        """Every action whose requests may carry the key."""
        return carrying(self.service, self.published or self.key)

    @property
    def held(self) -> tuple[str, ...]:
        """The actions that are denied where the condition is not met."""
        return tuple(name for name in self.carrying if name not in self.apart)

    @property
    def unheld(self) -> Mapping[str, str]:
        """The actions that the key cannot hold, each with the reason."""
        reasons = {**self.beside, **self.apart}
        return {name: reasons[name] for name in sorted(reasons) if name not in self.held}

    def __call__(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements."""
        must = self.must(facts)
        if must is None:
            return ()
        plainly = tuple(name for name in self.held if name not in self.in_place)
        made = []
        for block in must.breaches(self.keys):
            where = both(block, self.only_where)
            made.append(deny(narrow(self.service, plainly), unless=self.unless, when=where))
            for other in dict.fromkeys(self.in_place.values()):
                made += self._in_place(other, where)
        return tuple(made)

    def _in_place(self, other: InPlace, where: Block) -> tuple[Statement, ...]:
        names = tuple(n for n in self.held if self.in_place.get(n) == other)
        actions = narrow(self.service, names)
        freed = deny(actions, unless=(*self.unless, *other.roles), when=where)
        if other.key is None:
            return (freed,)
        naming_none = both(where, {"Null": {other.key: "true"}})
        return (freed, deny(actions, unless=self.unless, when=naming_none))


@dataclass(frozen=True, slots=True)
class Holdings:
    """Several keys that one guardrail holds."""

    parts: tuple[Holding, ...]

    def __call__(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements of all."""
        return tuple(statement for part in self.parts for statement in part(facts))


@dataclass(frozen=True, slots=True)
class ToEverybody:
    """A key held by resource control policies: for whoever asks, of whichever account."""

    part: Holding

    def __call__(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements."""
        return tuple({**statement, "Principal": "*"} for statement in self.part(facts))


def parts_of(form: object) -> tuple[Holding, ...]:
    """Return what a preventive form holds by condition keys; none where it denies plainly."""
    if isinstance(form, ToEverybody):
        return (form.part,)
    if isinstance(form, Holding):
        return (form,)
    return form.parts if isinstance(form, Holdings) else ()


def always(must: Must) -> Wanted:
    """Return the condition whatever the file says."""
    return lambda _facts: must


def by_option(guardrail: str, must: Callable[..., Must], *, single: bool = False) -> Wanted:
    """Return the condition over the values that the file gives to a guardrail, or none; `single`:
    over the first of them."""

    def wanted(facts: Facts) -> Must | None:
        values = facts.option(guardrail)[: 1 if single else None]
        return must(*values) if values else None

    return wanted
