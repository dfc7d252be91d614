"""Deleting what an operation leaves over, in reverse order and by the deletion policies."""

from __future__ import annotations

import time
from collections.abc import Iterable

from landrail.localaws.services.cloudformation.making import Maker, failure
from landrail.localaws.services.cloudformation.references import reverse, walk
from landrail.localaws.services.cloudformation.stacks import Former, Resource, Stack, Stacks

WIDTH = 4


def become(stacks: Stacks, stack: Stack, status: str, reason: str | None = None) -> None:
    """Write a stack's new status, as an event too."""
    stack.status, stack.reason = status, reason
    if status == "UPDATE_IN_PROGRESS":
        stack.updated = time.time()
    stacks.save(stack)
    stacks.record(
        stack,
        {
            "LogicalResourceId": stack.name,
            "PhysicalResourceId": stack.id,
            "ResourceType": "AWS::CloudFormation::Stack",
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        },
    )


class Cleaner:
    """Deletes resources of one stack."""

    def __init__(
        self, stacks: Stacks, stack: Stack, resources: dict[str, Resource], maker: Maker
    ) -> None:
        self._stacks = stacks
        self._stack = stack
        self._resources = resources
        self._maker = maker

    def all(self, *, creating: bool) -> list[str]:
        """Delete every resource, those that need others first; return those that would not go.
        `creating` is the rollback of a creation."""
        self._walk(self._resources, creating=creating)
        return sorted(n for n, r in self._resources.items() if r.status == "DELETE_FAILED")

    def removed(self, active: set[str], *, rolled_back: bool) -> None:
        """Delete the resources that the goal does not have and forget them; one that would not go
        stays in the account, as its event says, but is not the stack's any more."""
        extra = {n: r for n, r in self._resources.items() if n not in active}
        self._walk(extra, creating=rolled_back)
        for name in extra:
            self._stacks.drop_resource(self._stack, name)
            del self._resources[name]

    def _walk(self, resources: dict[str, Resource], *, creating: bool) -> None:
        edges = {
            name: {n for n in resource.needs if n in resources}
            for name, resource in resources.items()
        }
        walk(
            reverse(edges),
            lambda name: self._delete(resources[name], creating=creating),
            width=WIDTH,
            keep_going=True,
        )

    def _delete(self, resource: Resource, *, creating: bool) -> bool:
        if resource.status in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
            return True
        if resource.id is None:
            self._maker.note(resource, "DELETE_COMPLETE")
            return True
        if self._kept(resource, creating=creating):
            self._maker.note(resource, "DELETE_SKIPPED")
            return True
        self._maker.note(resource, "DELETE_IN_PROGRESS")
        reason = failure(lambda: self._maker.delete(resource, resource.former()))
        if reason is not None:
            self._maker.note(resource, "DELETE_FAILED", reason)
            return False
        self._maker.note(resource, "DELETE_COMPLETE")
        return True

    def _kept(self, resource: Resource, *, creating: bool) -> bool:
        if resource.logical in self._stack.retain:
            return True
        if creating:
            if resource.change == "adopted":
                return True
            softened = self._stack.retain_except_on_create
            return resource.deletion_policy == "Retain" and not softened
        return resource.deletion_policy in ("Retain", "RetainExceptOnCreate")

    def leftovers(self) -> None:
        """Delete the physical resources that were replaced, but those to be retained."""
        holders = {n: r for n, r in self._resources.items() if r.leftovers}
        edges = {n: {m for m in r.needs if m in holders} for n, r in holders.items()}
        walk(
            reverse(edges),
            lambda name: self._clear(holders[name], holders[name].leftovers),
            width=WIDTH,
            keep_going=True,
        )

    def _clear(self, resource: Resource, leftovers: Iterable[Former]) -> bool:
        for former in list(leftovers):
            if former.id is None or former.id == resource.id:
                continue
            if former.replace_policy == "Retain" or (
                former.replace_policy != "Delete" and resource.replace_policy == "Retain"
            ):
                self._maker.tell(resource, former, "DELETE_SKIPPED")
                continue
            self._maker.tell(resource, former, "DELETE_IN_PROGRESS")
            reason = failure(lambda former=former: self._maker.delete(resource, former))  # type: ignore[misc]  # mypy cannot infer a default
            status = "DELETE_FAILED" if reason else "DELETE_COMPLETE"
            self._maker.tell(resource, former, status, reason)
        resource.leftovers = []
        self._stacks.save_resource(self._stack, resource)
        return True
