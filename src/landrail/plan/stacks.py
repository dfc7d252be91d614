"""Comparing stacks: template, drift, protection. What CloudFormation says it would replace comes
in as previews, read off change sets by `aws`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.diagnostics import counted
from landrail.plan.codec import digest
from landrail.plan.known import unknown_tokens
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import Observed, ObservedDrift, ObservedStack
from landrail.plan.order import token_source
from landrail.plan.organization import is_usable
from landrail.plan.templates import (
    is_retained,
    matches,
    resource_differences,
    retained,
    section_differences,
    short_type,
    titled,
    unmarked,
)
from landrail.plan.values import Action, Change, Detail, Difference, Effect
from landrail.resources import Address, Stack, Token, Wanted, substitute

FAILED_CREATIONS = (
    "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
    "CREATE_FAILED",
    "REVIEW_IN_PROGRESS",
    "DELETE_FAILED",
)
"""States of a stack that must be deleted before it can be made."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change set says of one resource: `action` and `replacement` are AWS's words."""

    logical_id: str
    type: str
    action: str
    replacement: str | None = None
    properties: tuple[str, ...] = ()


Previews = Mapping[Address, tuple[Preview, ...]]


def stack_change(
    platform: str,
    stack: Stack,
    observed: Observed,
    values: dict[Token, str],
    previews: Previews,
    accept: frozenset[str],
) -> Change:
    """Compare one stack; a change that would lose state is refused unless accepted."""
    account = observed.accounts.get(stack.account)
    size = counted(len(stack.template.get("Resources", {})), "resource")
    if account is not None and not is_usable(account):
        return Change(stack.address, Action.NO_OP, f"account is {account.state}")
    if account is not None and stack.account in observed.unreadable:
        reason = observed.unreadable[stack.account]
        return Change(stack.address, Action.CREATE, size, reason=reason)
    contents = observed.contents.get(stack.account)
    there = contents.stacks.get(stack.name) if contents is not None else None
    if there is None:
        return Change(stack.address, Action.CREATE, size)
    if there.status in FAILED_CREATIONS:
        reason = f"a former attempt ended in {there.status} and is cleared away first"
        return Change(stack.address, Action.CREATE, size, reason=reason)
    if not there.ours and there.tags.get(PLATFORM_TAG) is not None:
        reason = f"the stack belongs to platform {there.tags[PLATFORM_TAG]}"
        return Change(stack.address, Action.REFUSED, reason=reason)
    return _compared(platform, stack, there, values, previews.get(stack.address), accept)


def removed_stacks(wanted: Wanted, observed: Observed, accept: frozenset[str]) -> Iterator[Change]:
    """Yield deletions of stacks of this platform that the file no longer asks for."""
    names = {(s.account, s.name) for s in wanted.of_kind(Stack)}
    settled = tuple(s.address for s in wanted.of_kind(Stack))
    for account, contents in sorted(observed.contents.items()):
        for name, there in sorted(contents.stacks.items()):
            if there.ours and (account, name) not in names:
                yield stack_deletion(Address(account, "stack", name), there, accept, settled)


def stack_deletion(
    address: Address, there: ObservedStack, accept: frozenset[str], after: tuple[Address, ...] = ()
) -> Change:
    """Return the deletion of a stack, refused where it holds state and is not accepted."""
    kept = retained(there.template or {})
    held = there.protected or bool(kept)
    facts = {"retained": kept, "protected": there.protected}
    if held and str(address) not in accept:
        reason = f"it would delete {_named(kept) or 'a protected stack'}"
        return Change(
            address, Action.REFUSED, "", (), reason, str(address), depends_on=after, facts=facts
        )
    return Change(address, Action.DELETE, depends_on=after, facts=facts)


def upstream(stack: Stack, values: dict[Token, str]) -> tuple[Address, ...]:
    """Return the stacks whose outputs this one waits for."""
    waiting = unknown_tokens(stack.template, values)
    return tuple(dict.fromkeys(token_source(t) for t in waiting if t.kind == "output"))


def _compared(
    platform: str,
    stack: Stack,
    there: ObservedStack,
    values: dict[Token, str],
    previews: tuple[Preview, ...] | None,
    accept: frozenset[str],
) -> Change:
    template = substitute(stack.template, values)
    facts: dict[str, Any] = {}
    changed = there.template is not None and not _same(template, there.template)
    details = list(_settings(platform, stack, there))
    if there.template is None:
        details += list(_by_digest(stack, there, values))
    elif changed:
        details += list(_template_details(there.template, template, previews))
    elif follows := upstream(stack, values):
        facts["follows"] = [str(address) for address in follows]
    details += [_drifted(d, previews) for d in there.drift]
    action = Action.NO_OP if not details else Action.UPDATE
    if any(d.effect is Effect.REPLACE for d in details):
        action = Action.REPLACE
    summary = _summary(details)
    facts |= {"drift": bool(there.drift), "template": changed or there.template is None}
    lost = _lost(details, there.template or {}, template)
    if lost and str(stack.address) not in accept:
        reason = f"it would replace or delete {_named(lost)}"
        refused = Action.REFUSED
        return Change(
            stack.address, refused, summary, tuple(details), reason, str(stack.address), facts=facts
        )
    return Change(stack.address, action, summary, tuple(details), facts=facts)


def _same(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> bool:
    return matches(wanted, unmarked(actual))


def _settings(platform: str, stack: Stack, there: ObservedStack) -> Iterator[Detail]:
    if stack.protected != there.protected:
        changed = Difference("protected", there.protected, stack.protected)
        yield Detail("termination protection", Effect.IN_PLACE, "drift", (changed,))
    tags = {**stack.tags, PLATFORM_TAG: platform}
    missing = {k: v for k, v in tags.items() if there.tags.get(k) != v}
    if missing:
        old = {k: there.tags.get(k) for k in missing}
        yield Detail("tags", Effect.IN_PLACE, "template", (Difference("tags", old, missing),))


def _by_digest(stack: Stack, there: ObservedStack, values: dict[Token, str]) -> Iterator[Detail]:
    from_digest = stack_digest(stack, values)
    if from_digest != there.digest:
        changed = Difference("digest", there.digest, from_digest)
        yield Detail("template", Effect.MAY_REPLACE, "template", (changed,))


def stack_digest(stack: Stack, values: dict[Token, str]) -> str | None:
    """Return the digest of a stack's template, or None while tokens of it are unknown."""
    if unknown_tokens(stack.template, values):
        return None
    return digest(substitute(stack.template, values))


def _template_details(
    before: Mapping[str, Any], after: Mapping[str, Any], previews: tuple[Preview, ...] | None
) -> Iterator[Detail]:
    said = {p.logical_id: p for p in previews or ()}
    seen = set()
    old = before.get("Resources", {})
    for logical_id, resource_type, differences in resource_differences(before, after):
        seen.add(logical_id)
        name = f"{short_type(resource_type)}/{logical_id}"
        if differences is None:
            effect = Effect.REMOVE if logical_id in old else Effect.ADD
            yield Detail(name, effect, "template")
        elif previews is None:
            yield Detail(name, Effect.MAY_REPLACE, "template", differences)
        else:
            effect = _effect(said.get(logical_id))
            yield Detail(name, effect, "template", differences)
    for preview in previews or ():
        if preview.logical_id not in seen and _effect(preview) is not Effect.IN_PLACE:
            name = f"{short_type(preview.type)}/{preview.logical_id}"
            yield Detail(name, _effect(preview), "template")
    for difference in section_differences(unmarked(before), after):
        yield Detail(difference.path.lower(), Effect.IN_PLACE, "template", (difference,))


def _effect(preview: Preview | None) -> Effect:
    if preview is None or preview.replacement in (None, "False"):
        if preview is not None and preview.action in ("Add", "Import"):
            return Effect.ADD
        if preview is not None and preview.action == "Remove":
            return Effect.REMOVE
        return Effect.IN_PLACE
    return Effect.REPLACE if preview.replacement == "True" else Effect.MAY_REPLACE


def _drifted(drift: ObservedDrift, previews: tuple[Preview, ...] | None) -> Detail:
    said = {p.logical_id: p for p in previews or ()}
    name = f"{short_type(drift.type)}/{drift.logical_id}"
    if drift.status == "DELETED":
        return Detail(name, Effect.ADD, "drift", (Difference("resource", "deleted", None),))
    differences = tuple(
        Difference(path, actual, wanted) for path, (wanted, actual) in drift.differences.items()
    )
    return Detail(name, _effect(said.get(drift.logical_id)), "drift", differences)


def _summary(details: list[Detail]) -> str:
    return ", ".join(_phrase(d) for d in details)


def _phrase(detail: Detail) -> str:
    if detail.effect in (Effect.ADD, Effect.REMOVE):
        return f"{'+' if detail.effect is Effect.ADD else '-'}{detail.name}"
    paths = [d.path.strip("/").split("/")[0] for d in detail.differences]
    words = f": {', '.join(dict.fromkeys(paths))}" if "/" in detail.name and paths else ""
    return f"{detail.name}{words} ({detail.effect.value})"


def _lost(
    details: list[Detail], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, str]:
    """The resources with state that a change would remove or replace, or might."""
    resources = {**after.get("Resources", {}), **before.get("Resources", {})}
    fatal = (Effect.REMOVE, Effect.REPLACE, Effect.MAY_REPLACE)
    lost: dict[str, str] = {}
    for detail in details:
        logical_id = detail.name.rpartition("/")[2]
        body = resources.get(logical_id)
        if detail.effect in fatal and body is not None and is_retained(body):
            lost[logical_id] = body["Type"]
    return lost


def _named(kept: Mapping[str, str]) -> str:
    return ", ".join(titled(name, kind) for name, kind in sorted(kept.items()))
