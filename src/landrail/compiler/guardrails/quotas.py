"""The quotas of organization policies, checked on what was packed: what is over them is a mistake
that says which guardrails cost how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landrail.compiler.guardrails.policies import RCP, SCP, rooms
from landrail.compiler.limits import SCP_CHARACTERS_BEFORE, SCPS_PER_TARGET_BEFORE, size
from landrail.diagnostics import Diagnostic, Severity
from landrail.resources import Attachment, Policy, Wanted
from landrail.spec import Platform

_WORDS = {SCP: "service control policies", RCP: "resource control policies"}
_MOST_NAMED = 12


def check(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield a mistake for each target and policy over the quotas, and a warning for what fits only
    those that AWS gives since May 2026."""
    policies: dict[str, Policy] = {policy.name: policy for policy in wanted.of_kind(Policy)}
    by_target: dict[tuple[str, str], list[Policy]] = {}
    for attachment in wanted.of_kind(Attachment):
        policy = policies[attachment.policy]
        if policy.type in _WORDS:
            by_target.setdefault((policy.type, attachment.target), []).append(policy)
    large: list[str] = []
    for (kind, target), held in by_target.items():
        room = rooms(platform)[kind][-1]
        longest = max(size(policy.document) for policy in held)
        if len(held) > room.policies:
            yield Diagnostic(
                f"the guardrails of `{target}` need {len(held)} {_WORDS[kind]} beside AWS's own, "
                f"{room.policies} fit",
                f"turn some off there, or ask AWS for more and write `quotas`; {_costs(held)}",
            )
        elif longest > room.characters:
            yield Diagnostic(
                f"a guardrail of `{target}` needs a policy of {longest} characters, AWS takes "
                f"{room.characters}",
                f"part it into several; {_costs(held)}",
            )
        elif kind == SCP and (
            longest > SCP_CHARACTERS_BEFORE or len(held) >= SCPS_PER_TARGET_BEFORE
        ):
            large.append(f"`{target}` ({len(held)} of at most {longest:,} characters)")
    if large and "quotas" not in platform.model_fields_set:
        yield Diagnostic(
            f"the policies of {', '.join(large)} need the quotas that AWS gives since May 2026",
            f"where yours are {SCPS_PER_TARGET_BEFORE} a target and {SCP_CHARACTERS_BEFORE:,} "
            "characters, ask AWS for the new ones; writing `quotas` ends this warning",
            severity=Severity.WARNING,
        )


def costs(policies: Sequence[Policy]) -> dict[str, int]:
    """Return the characters of each guardrail in policies, the dearest first."""
    found: dict[str, int] = {}
    for policy in policies:
        for statement in policy.document["Statement"]:
            guardrail = policy.statements_from[statement["Sid"]]
            found[guardrail] = found.get(guardrail, 0) + size(statement)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _costs(policies: Sequence[Policy]) -> str:
    found = list(costs(policies).items())
    named = ", ".join(f"{name} {characters:,}" for name, characters in found[:_MOST_NAMED])
    rest = sum(characters for _, characters in found[_MOST_NAMED:])
    more = f", {len(found) - _MOST_NAMED} others {rest:,}" if rest else ""
    return f"characters: {named}{more}"
