"""Foreseeing what an operation will do to each resource, without making a call that changes.

A change set shows it; `UpdateStack` asks it whether there is anything to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.drifting import drifts, standing
from landrail.localaws.services.cloudformation.evaluation import (
    Evaluation,
    Outside,
    desired,
    evaluate,
    outputs,
)
from landrail.localaws.services.cloudformation.intrinsics import UNKNOWN, holds_unknown
from landrail.localaws.services.cloudformation.references import references
from landrail.localaws.services.cloudformation.stacks import Goal, Resource, Stack
from landrail.localaws.services.cloudformation.template import Declared
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.compare import same
from landrail.localaws.services.cloudformation.types.kind import ResourceType


@dataclass(frozen=True, slots=True)
class Detail:
    """One property of a change: `recreation` is Never, Conditionally or Always; `cause` the name
    of what makes it change, where that is not the template itself (`source`)."""

    attribute: str
    name: str | None
    recreation: str
    dynamic: bool
    source: str
    cause: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What will be done to a resource: `action` Add, Modify, Remove or Import; `replacement` True,
    False or Conditional for a Modify. `drift` is the status found by a drift-aware look."""

    logical: str
    type: str
    action: str
    id: str | None = None
    replacement: str | None = None
    details: tuple[Detail, ...] = ()
    policy_action: str | None = None
    drift: str | None = None

    @property
    def scope(self) -> list[str]:
        """The attributes touched."""
        return sorted({detail.attribute for detail in self.details})


@dataclass(slots=True)
class Foreseen:
    """The changes in the order they come to be, and whether outputs change."""

    changes: list[Change] = field(default_factory=list)
    outputs: bool = False

    def __bool__(self) -> bool:
        return bool(self.changes) or self.outputs


def foresee(
    stack: Stack,
    goal: Goal,
    resources: Mapping[str, Resource],
    outside: Outside,
    live: Mapping[str, dict[str, Any] | None] | None = None,
) -> Foreseen:
    """Return what reaching the goal will change; `live` are the live properties where drift is to
    be reverted. Raises ApiError ValidationError for what cannot be done."""
    fate: dict[str, Change] = {}

    def ref(name: str) -> Any:
        change = fate.get(name)
        if name not in resources or (change and _renewed(change)):
            return UNKNOWN
        return resources[name].id

    def attribute(name: str, of: str) -> Any:
        change = fate.get(name)
        if name not in resources or (change and (_renewed(change) or _refreshes(change, of))):
            return UNKNOWN
        return resources[name].attributes.get(of, UNKNOWN)

    evaluation = evaluate(stack, goal, outside, ref, attribute)
    result = Foreseen()
    for name in TopologicalSorter(evaluation.edges).static_order():
        change = _change(evaluation, name, resources.get(name), live)
        if change is not None:
            fate[name] = change
            result.changes.append(change)
    for name, resource in resources.items():
        if name not in evaluation.active:
            action = "Retain" if resource.deletion_policy == "Retain" else "Delete"
            result.changes.append(
                Change(name, resource.type, "Remove", resource.id, policy_action=action)
            )
    result.outputs = _outputs_differ(evaluation, stack)
    return result


def _renewed(change: Change) -> bool:
    return change.action in ("Add", "Import") or change.replacement in ("True", "Conditional")


def _refreshes(change: Change, attribute: str) -> bool:
    return change.action == "Modify" and attribute in TYPES[change.type].refreshed


def _outputs_differ(evaluation: Evaluation, stack: Stack) -> bool:
    coming = [{k: v for k, v in o.items() if k != "Description"} for o in outputs(evaluation)]
    standing = [{k: v for k, v in o.items() if k != "Description"} for o in stack.outputs]
    return sorted(map(_ordered, coming)) != sorted(map(_ordered, standing))


def _ordered(output: Mapping[str, Any]) -> str:
    return repr(sorted((name, str(value)) for name, value in output.items()))


def _change(
    evaluation: Evaluation,
    name: str,
    resource: Resource | None,
    live: Mapping[str, dict[str, Any] | None] | None,
) -> Change | None:
    declared = evaluation.active[name]
    wanted = desired(evaluation, name)
    if resource is None:
        return Change(name, declared.type, "Add")
    if resource.type != declared.type:
        raise ApiError(
            "ValidationError",
            "Update of resource type is not permitted. The new template modifies resource type of "
            f"the following resources: [{name}]",
        )
    had: Mapping[str, Any] = resource.properties
    drift = None
    if live is not None and name in live:
        actual = live[name]
        if actual is None:
            return Change(name, declared.type, "Add", resource.id, drift="DELETED")
        entry = TYPES[resource.type]
        strayed = any(drifts(entry, resource.properties, actual))
        drift = "MODIFIED" if strayed else "IN_SYNC"
        had = standing(entry, wanted, resource.properties, actual)
    details = [*_details(evaluation, name, wanted, had), *_metadata(declared, resource)]
    if not details:
        return None
    replacement = _replacement(details)
    policy = None
    if replacement != "False":
        kept = declared.replace_policy == "Retain"
        policy = "ReplaceAndRetain" if kept else "ReplaceAndDelete"
    return Change(
        name, declared.type, "Modify", resource.id, replacement, tuple(details), policy, drift
    )


def _details(
    evaluation: Evaluation, logical: str, wanted: Mapping[str, Any], had: Mapping[str, Any]
) -> list[Detail]:
    entry = TYPES[evaluation.active[logical].type]
    found = []
    stuck = []
    for name in sorted({*wanted, *had}):
        new, old = wanted.get(name), had.get(name)
        dynamic = holds_unknown(new)
        if not dynamic and same(entry.properties[name], new, old):
            continue
        if name not in entry.replaces and name not in entry.updatable():
            stuck.append(name)
        found.append(_detail(evaluation, logical, entry, name, new, old, dynamic))
    if stuck:
        raise ApiError(
            "ValidationError",
            f"Resource {logical} ({entry.name}): properties [{', '.join(stuck)}] cannot be "
            "changed after creation",
        )
    return found


def _detail(
    evaluation: Evaluation,
    logical: str,
    entry: ResourceType,
    name: str,
    new: Any,
    old: Any,
    dynamic: bool,
) -> Detail:
    recreation = "Never"
    if name in entry.replaces:
        recreation = "Conditionally" if dynamic else "Always"
    source, cause = _cause(evaluation, logical, name)
    attribute = "Tags" if name == entry.tags else "Properties"
    return Detail(
        attribute,
        None if attribute == "Tags" else name,
        recreation,
        dynamic,
        source,
        cause,
        old,
        new,
    )


def _cause(evaluation: Evaluation, logical: str, name: str) -> tuple[str, str | None]:
    """Say which reference in a property makes it change; the template itself where none does."""
    for reference in references(evaluation.active[logical].properties.get(name)):
        if reference.name in evaluation.template.parameters:
            return "ParameterReference", reference.name
        if reference.name in evaluation.active:
            if reference.attribute is None:
                return "ResourceReference", reference.name
            return "ResourceAttribute", f"{reference.name}.{reference.attribute}"
    return "DirectModification", None


def _metadata(declared: Declared, resource: Resource) -> list[Detail]:
    if declared.metadata == resource.metadata:
        return []
    before, after = resource.metadata, declared.metadata
    return [Detail("Metadata", None, "Never", False, "DirectModification", None, before, after)]


def _replacement(details: list[Detail]) -> str:
    kinds = {detail.recreation for detail in details}
    if "Always" in kinds:
        return "True"
    return "Conditional" if "Conditionally" in kinds else "False"
