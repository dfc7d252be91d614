"""Where statements stand, kept: a statement that is attached already stays in its policy.

The compiler packs as if nothing was there. Here each pool is laid over what was observed, so that
one guardrail more changes one policy and not all of them, and so that a policy gains statements or
loses some but not both, where there is room: `safety` can then put every gain before every loss.
Pure, like the rest of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from landrail.plan.codec import canonical
from landrail.plan.known import known_values
from landrail.plan.observed import Observed
from landrail.plan.organization import moving_out
from landrail.resources import Attachment, Policy, Pool, Resource, Wanted, substitute
from landrail.spec.shortening import shorten

Statement = Mapping[str, Any]
_FRAME = len('{"Statement":[],"Version":"2012-10-17"}')


def settled(wanted: Wanted, observed: Observed) -> Wanted:
    """Return the wanted with the statements of each pool where they stand, as far as they fit."""
    values = known_values(observed)
    pools: dict[str, list[Policy]] = {}
    for policy in wanted.of_kind(Policy):
        if policy.pool is not None:
            known = replace(policy, document=substitute(policy.document, values))
            pools.setdefault(policy.pool.name, []).append(known)
    pools = {name: made for name, made in pools.items() if not _begun(made, observed)}
    laid = {name: _best(made, observed, strict=False) for name, made in pools.items()}
    mixed = sum(len(one.mixed) for one in laid.values())
    if mixed > 1 or (mixed and moving_out(wanted, observed)):
        strict = {n: _best(pools[n], observed, strict=True) for n in laid if laid[n].mixed}
        laid |= {name: one for name, one in strict.items() if one.fits and not one.mixed}
    changed = {name: one for name, one in laid.items() if one.fits and one.bins}
    return replace(wanted, resources=tuple(_replaced(wanted, pools, changed)))


def _begun(policies: Sequence[Policy], observed: Observed) -> bool:
    """Say whether all that is there of a pool is as compiled: an apply that was interrupted made
    it, and the next makes the others as that one would have."""
    pool = policies[0].pool
    assert pool is not None
    made = {p.name: {canonical(s) for s in p.document["Statement"]} for p in policies}
    return all(
        set(one.there.values()) == made.get(one.name)
        for one in _bins(pool, policies[0].type, observed)
    )


def _best(policies: Sequence[Policy], observed: Observed, *, strict: bool) -> _Laid:
    """Lay a pool over what is there: as many policies as a target takes, none of which both
    gains and loses for others' sake; else with statements that come where others go."""
    laid = _Laid.over(policies, observed, strict=strict)
    if laid.fits or strict:
        return laid
    return _Laid.over(policies, observed, strict=False, anywhere=True)


@dataclass(slots=True)
class _Bin:
    """A policy to be: its statements by Sid, and what is there of it."""

    name: str
    statements: dict[str, Statement] = field(default_factory=dict)
    there: dict[str, str] = field(default_factory=dict)

    @property
    def gains(self) -> bool:
        return bool({canonical(s) for s in self.statements.values()} - set(self.there.values()))

    @property
    def loses(self) -> bool:
        return bool(set(self.there.values()) - {canonical(s) for s in self.statements.values()})

    def takes(self, statements: Mapping[str, Statement], characters: int) -> bool:
        if any(sid in self.statements for sid in statements):
            return False
        held = [*self.statements.values(), *statements.values()]
        return _size(held) <= characters


@dataclass(slots=True)
class _Laid:
    """A pool laid over what is there."""

    pool: Pool
    bins: list[_Bin]
    fits: bool = True

    @property
    def mixed(self) -> list[_Bin]:
        return [one for one in self.bins if one.gains and one.loses]

    @classmethod
    def over(
        cls,
        policies: Sequence[Policy],
        observed: Observed,
        *,
        strict: bool,
        anywhere: bool = False,
    ) -> _Laid:
        """Lay policies over the observed. `strict`: what is rewritten moves, so that no policy both
        gains and loses; `anywhere`: what is new may stand where others go."""
        pool = policies[0].pool
        assert pool is not None
        laid = cls(pool, list(_bins(pool, policies[0].type, observed)))
        if not laid.bins:
            return laid
        units = sorted(_units(policies), key=lambda found: not laid._as_is(found[1]))
        left = [found for found in units if not laid._stays(found[1], strict=strict)]
        used = {*observed.policies, *(one.name for one in laid.bins)}
        for home, unit in left:
            laid._put(unit, used, None if strict else home, anywhere=anywhere)
        sizes = (_size(one.statements.values()) for one in laid.bins)
        laid.fits = len(laid.bins) <= pool.most and all(n <= pool.characters for n in sizes)
        return laid

    def _as_is(self, unit: Mapping[str, Statement]) -> bool:
        """Say whether a guardrail stands somewhere just so; those are not moved for others."""
        wanted = {sid: canonical(statement) for sid, statement in unit.items()}
        return any(wanted.items() <= one.there.items() for one in self.bins)

    def _stays(self, unit: Mapping[str, Statement], *, strict: bool) -> bool:
        """Leave a guardrail in the policy where it stands, if it does and that has room."""
        for one in self.bins:
            if not set(unit) & set(one.there):
                continue
            same = all(one.there.get(sid) == canonical(s) for sid, s in unit.items())
            if strict and not same:
                return False
            if one.takes(unit, self.pool.characters):
                one.statements.update(unit)
                return True
        return False

    def _put(
        self,
        unit: Mapping[str, Statement],
        used: set[str],
        home: str | None,
        *,
        anywhere: bool,
    ) -> None:
        """Put a guardrail into the policy that it was compiled for, where that is there (a policy
        that was edited by hand is mended in place); else into one that loses nothing, or into a
        new one."""
        for one in sorted(self.bins, key=lambda one: one.name != home):
            open_ = anywhere or one.name == home or not one.loses
            if open_ and one.takes(unit, self.pool.characters):
                one.statements.update(unit)
                return
        name = next(n for i in count(1) if (n := f"{self.pool.name}-{i}") not in used)
        used.add(name)
        self.bins.append(_Bin(name, dict(unit)))


def _bins(pool: Pool, kind: str, observed: Observed) -> Iterator[_Bin]:
    """Yield the policies of a pool that are there, by their numbers."""
    found = []
    for name, policy in observed.policies.items():
        number = name.removeprefix(f"{pool.name}-")
        if policy.ours and policy.type == kind and number != name and number.isdigit():
            listed = policy.document.get("Statement", [])
            statements = listed if isinstance(listed, list) else [listed]
            there = {str(s.get("Sid", i)): canonical(s) for i, s in enumerate(statements)}
            found.append((int(number), _Bin(name, there=there)))
    yield from (one for _, one in sorted(found, key=lambda item: item[0]))


def _units(policies: Sequence[Policy]) -> list[tuple[str, dict[str, Statement]]]:
    """Return the statements of each guardrail by the name of the policy it was packed into."""
    units: list[tuple[str, dict[str, Statement]]] = []
    for policy in policies:
        by_guardrail: dict[str, dict[str, Statement]] = {}
        for statement in policy.document["Statement"]:
            sid = str(statement["Sid"])
            by_guardrail.setdefault(policy.statements_from[sid], {})[sid] = statement
        units.extend((policy.name, one) for one in by_guardrail.values())
    return units


def _replaced(
    wanted: Wanted, pools: Mapping[str, Sequence[Policy]], laid: Mapping[str, _Laid]
) -> Iterator[Resource]:
    """Yield the resources with the policies of settled pools, and their attachments, in the place
    of those that were compiled."""
    gone = {policy.name: name for name in laid for policy in pools[name]}
    targets: dict[str, dict[str, Attachment]] = {}
    for attachment in wanted.of_kind(Attachment):
        if attachment.policy in gone:
            targets.setdefault(gone[attachment.policy], {})[attachment.target] = attachment
    done: set[str] = set()
    for resource in wanted.resources:
        if isinstance(resource, Policy) and resource.name in gone:
            pool = gone[resource.name]
            if pool not in done:
                done.add(pool)
                yield from _made(pools[pool], laid[pool], targets.get(pool, {}))
        elif not (isinstance(resource, Attachment) and resource.policy in gone):
            yield _following(resource, gone, laid)


def _made(
    policies: Sequence[Policy], laid: _Laid, targets: Mapping[str, Attachment]
) -> Iterator[Policy | Attachment]:
    behind = {sid: g for policy in policies for sid, g in policy.statements_from.items()}
    first = policies[0]
    for one in laid.bins:
        if not one.statements:
            continue
        held = {sid: guardrail for sid, guardrail in behind.items() if sid in one.statements}
        described = f"Landrail: {', '.join(dict.fromkeys(held.values()))}"
        policy = replace(
            first,
            name=one.name,
            description=shorten(described, _DESCRIBED),
            document={**first.document, "Statement": [one.statements[sid] for sid in held]},
            statements_from=held,
        )
        yield policy
        for target, attachment in targets.items():
            upon = tuple(a for a in attachment.depends_on if a.kind != "policy")
            yield Attachment(one.name, target, (policy.address, *upon))


_DESCRIBED = 512


def _following(
    resource: Resource,
    gone: Mapping[str, str],
    laid: Mapping[str, _Laid],
) -> Resource:
    """Return a resource that waits for the attachments that there are now."""
    waits: list[Any] = []
    for address in resource.depends_on:
        policy, _, target = address.name.partition(" -> ")
        if address.kind != "attachment" or policy not in gone:
            waits.append(address)
            continue
        pool = gone[policy]
        waits.extend(
            Attachment(one.name, target).address for one in laid[pool].bins if one.statements
        )
    found = tuple(dict.fromkeys(waits))
    return resource if found == resource.depends_on else replace(resource, depends_on=found)


def _size(statements: Any) -> int:
    listed = list(statements)
    return _FRAME + sum(len(canonical(s)) for s in listed) + max(len(listed) - 1, 0)
