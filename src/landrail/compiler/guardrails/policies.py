"""The policies of a platform and what they are attached to, from the guardrails in force.

Targets that carry the same are attached to the same policies, named by the last part of the OU;
where OUs of one name differ, each has its own, named by its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from landrail.compiler import names
from landrail.compiler.guardrails import organization_policies as other
from landrail.compiler.guardrails.choosing import Chosen, chosen
from landrail.compiler.guardrails.governed import governed, of_control_tower
from landrail.compiler.guardrails.packing import Pack, Room, packed
from landrail.compiler.guardrails.placing import Content, Leaf, leaves, place
from landrail.compiler.limits import SCP_CHARACTERS_BEFORE, SCPS_PER_TARGET_BEFORE, size
from landrail.compiler.statements import document
from landrail.diagnostics import Diagnostic
from landrail.guardrails import Facts, Guardrail
from landrail.guardrails.statements import Statement
from landrail.resources import Address, Policy, Pool
from landrail.spec import Platform

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_STATEMENTS: Mapping[str, Content] = {
    SCP: Guardrail.statements,
    RCP: Guardrail.resource_statements,
}
_ORGANIZATION = (Address("organization", "organization", "root"),)

Held = dict[str, list[tuple[Guardrail, Any]]]
"""By target, what each guardrail says there."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Policies and the targets of each; `mistakes` is what cannot be said together."""

    policies: tuple[Policy, ...]
    targets: Mapping[str, tuple[str, ...]]
    mistakes: tuple[Diagnostic, ...] = field(default=())


def policies_of(platform: Platform) -> Attached:
    """Return the policies that the file's guardrails come to."""
    found = governed(platform, chosen(platform))
    among = leaves(platform)
    policies: list[Policy] = []
    targets: dict[str, tuple[str, ...]] = {}
    mistakes: list[Diagnostic] = []
    most = {kind: room[-1] for kind, room in rooms(platform, beside=0).items()}
    for kind, room in rooms(platform).items():
        held = _held(found, among, _STATEMENTS[kind])
        for label, (on, said) in sorted(_grouped(held).items()):
            packs, used = packed(said, room)
            pool = _pool(label, kind, used, most[kind])
            for number, pack in enumerate(packs, 1):
                policy = _policy(kind, number, pack, pool)
                policies.append(policy)
                targets[policy.name] = on
    for kind in _other_types(found):
        held = _held(found, among, _contents(kind))
        for label, (on, said) in sorted(_grouped(held).items()):
            policy, wrong = _merged(label, kind, on[0], said)
            policies.append(policy)
            targets[policy.name] = on
            mistakes.extend(wrong)
    return Attached(tuple(policies), targets, tuple(mistakes))


def rooms(platform: Platform, beside: int | None = None) -> dict[str, tuple[Room, ...]]:
    """Return for SCPs and RCPs what a target takes beside what AWS attaches itself: first what
    every organization has, then what this one has. `beside` are the SCPs of Control Tower."""
    quotas = platform.quotas
    taken = 1 + (of_control_tower(platform) if beside is None else beside)
    now = Room(quotas.scps_per_target - taken, quotas.scp_characters)
    before = Room(
        min(SCPS_PER_TARGET_BEFORE - taken, now.policies),
        min(SCP_CHARACTERS_BEFORE, now.characters),
    )
    return {
        SCP: (before, now),
        RCP: (Room(quotas.rcps_per_target - 1, quotas.rcp_characters),),
    }


def _contents(kind: str) -> Content:
    def content(guardrail: Guardrail, _facts: Facts) -> Any:
        made = guardrail.organization_policy
        return made.content if made is not None and made.type == kind else {}

    return content


def _other_types(found: Chosen) -> tuple[str, ...]:
    made = (guardrail.organization_policy for guardrail in found.guardrails)
    return tuple(sorted({policy.type for policy in made if policy is not None}))


def _held(found: Chosen, among: tuple[Leaf, ...], content: Content) -> Held:
    held: Held = {}
    for guardrail in found.guardrails:
        for placed in place(found, among, guardrail, content):
            held.setdefault(placed.target, []).append((guardrail, placed.content))
    return held


def _grouped(held: Held) -> dict[str, tuple[tuple[str, ...], list[tuple[Guardrail, Any]]]]:
    """Return by label the targets that carry the same, and what they carry."""
    by_label: dict[str, list[str]] = {}
    for target in held:
        by_label.setdefault(_short(target), []).append(target)
    grouped = {}
    for label, targets in by_label.items():
        same = all(_same(held[target], held[targets[0]]) for target in targets)
        if same:
            grouped[label] = (tuple(sorted(targets)), held[targets[0]])
        else:
            for target in targets:
                grouped[_long(target)] = ((target,), held[target])
    return grouped


def _same(first: Sequence[tuple[Guardrail, Any]], second: Sequence[tuple[Guardrail, Any]]) -> bool:
    return [(g.id, c) for g, c in first] == [(g.id, c) for g, c in second]


def _short(target: str) -> str:
    return _long(target) if target.startswith("account/") else target.rpartition("/")[2].lower()


def _long(target: str) -> str:
    return target.removeprefix("ou/").replace("/", "-").lower()


def _pool(label: str, kind: str, room: Room, most: Room) -> Pool:
    middle = "" if kind == SCP else "-resources"
    name = names.shorten(f"landrail-{label}{middle}", names.POLICY - 4)
    return Pool(name, room.characters, most.policies)


def _policy(kind: str, number: int, pack: Pack, pool: Pool) -> Policy:
    owners = [unit.guardrail.id for unit in pack for _ in unit.statements]
    statements = unique(statement for unit in pack for statement in unit.statements)
    behind = dict(zip(statements, owners, strict=True))
    return Policy(
        name=f"{pool.name}-{number}",
        type=kind,
        description=_description(dict.fromkeys(behind.values())),
        document=document(*statements.values()),
        statements_from=behind,
        depends_on=_ORGANIZATION,
        pool=pool,
    )


def unique(statements: Iterable[Statement]) -> dict[str, Any]:
    """Return statements by their Sids; where two are of one name, as AWS refuses in a policy, the
    later has an `x` behind it."""
    named: dict[str, Any] = {}
    for statement in statements:
        sid = str(statement["Sid"])
        while sid in named:
            sid += "x"
        named[sid] = {**statement, "Sid": sid}
    return named


def _merged(
    label: str, kind: str, target: str, said: Sequence[tuple[Guardrail, Any]]
) -> tuple[Policy, list[Diagnostic]]:
    content: dict[str, Any] = {}
    behind: dict[str, str] = {}
    mistakes: list[Diagnostic] = []
    for guardrail, wanted in said:
        try:
            content = other.merge(content, wanted)
        except other.Conflict as error:
            first = behind.get(error.attribute.rpartition(".@@")[0], "another guardrail")
            mistakes.append(other.conflict(first, guardrail.id, target, error))
        behind |= dict.fromkeys(other.attributes(wanted), guardrail.id)
    characters = size(content)
    most = other.SMALLER.get(kind, other.CHARACTERS)
    if characters > most:
        summary = f"the {kind} of `{target}` would have {characters} characters"
        mistakes.append(Diagnostic(f"{summary}, AWS takes {most}"))
    word = other.WORDS.get(kind, kind.lower().replace("_", "-"))
    policy = Policy(
        name=names.shorten(f"landrail-{label}-{word}", names.POLICY),
        type=kind,
        description=_description(dict.fromkeys(behind.values())),
        document=content,
        statements_from=behind,
        depends_on=_ORGANIZATION,
    )
    return policy, mistakes


def _description(guardrails: Mapping[str, Any]) -> str:
    return names.shorten(f"Landrail: {', '.join(guardrails)}", 512)
