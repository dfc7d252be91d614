"""One resource's step towards the goal: added, updated in place, replaced, adopted or kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.drifting import standing
from landrail.localaws.services.cloudformation.evaluation import Evaluation, desired
from landrail.localaws.services.cloudformation.making import Maker, changed, failure, named
from landrail.localaws.services.cloudformation.stacks import Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.template import Declared
from landrail.localaws.services.cloudformation.types import TYPES

_IN_THE_WAY = re.compile(r"already exist|Service error code: \w*(Exist|InUse|Conflict)", re.I)
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")


class Stepper:
    """Takes the steps of one forward phase."""

    def __init__(
        self,
        stacks: Stacks,
        stack: Stack,
        resources: dict[str, Resource],
        maker: Maker,
        evaluation: Evaluation,
        live: Mapping[str, dict[str, Any] | None],
    ) -> None:
        self._stacks = stacks
        self._stack = stack
        self._resources = resources
        self._maker = maker
        self._evaluation = evaluation
        self._live = live

    def step(self, logical: str) -> bool:
        """Take a resource to what the goal wants; False where AWS refused, as then recorded."""
        declared = self._evaluation.active[logical]
        resource = self._resources.get(logical)
        again = resource is not None and resource.operation == self._stack.operation
        if resource is not None and again and resource.status in _DONE:
            return True
        wanted: dict[str, Any] = {}
        reason = failure(lambda: wanted.update(desired(self._evaluation, logical)))
        if reason is not None:
            resource = resource or self._fresh(logical, declared)
            self._begin(resource)
            return self._refused(resource, reason)
        if resource is None:
            return self._add(self._fresh(logical, declared), declared, wanted)
        if again and resource.change in ("added", "replaced"):
            return self._go_on(resource, declared, wanted)
        if not again:
            self._begin(resource)
        return self._change(resource, declared, wanted)

    def _fresh(self, logical: str, declared: Declared) -> Resource:
        resource = Resource(logical, declared.type, operation=self._stack.operation, change="added")
        self._resources[logical] = resource
        return resource

    def _begin(self, resource: Resource) -> None:
        if resource.operation != self._stack.operation:
            resource.operation, resource.change = self._stack.operation, "kept"
            resource.before = resource.former()

    def _declare(self, resource: Resource, declared: Declared, wanted: dict[str, Any]) -> None:
        resource.properties = wanted
        resource.needs = sorted(self._evaluation.edges[resource.logical])
        resource.deletion_policy = declared.deletion_policy
        resource.replace_policy = declared.replace_policy
        resource.metadata = declared.metadata

    def _refused(self, resource: Resource, reason: str) -> bool:
        failed = "CREATE_FAILED" if resource.change == "added" else "UPDATE_FAILED"
        self._maker.note(resource, failed, reason)
        return False

    def _add(self, resource: Resource, declared: Declared, wanted: dict[str, Any]) -> bool:
        self._declare(resource, declared, wanted)
        if resource.logical in self._stack.adopt and self._adopt(resource):
            return True
        resource.status = "CREATE_IN_PROGRESS"
        return self._attempt(resource, "CREATE_COMPLETE")

    def _attempt(self, resource: Resource, done: str) -> bool:
        reason = failure(lambda: self._maker.create(resource))
        if reason is not None:
            return self._refused(resource, reason)
        self._maker.note(resource, done)
        return True

    def _go_on(self, resource: Resource, declared: Declared, wanted: dict[str, Any]) -> bool:
        """Go on with a creation that was cut short. What the store had made is not made again;
        where a service of ours had made it and its answer was lost, it is in the way now, and what
        nothing can be in yet goes first."""
        done = "CREATE_COMPLETE" if resource.change == "added" else "UPDATE_COMPLETE"
        self._declare(resource, declared, wanted)
        reason = failure(lambda: self._maker.create(resource))
        if reason is not None and _IN_THE_WAY.search(reason):
            # It is this creation's own, unless it was about to be taken over.
            ours = None if resource.status == "IMPORT_IN_PROGRESS" else done
            if TYPES[resource.type].stateful and self._adopt(resource, ours):
                return True
            reason = failure(lambda: self._again(resource))
        if reason is not None:
            return self._refused(resource, reason)
        self._maker.note(resource, done)
        return True

    def _again(self, resource: Resource) -> None:
        """Delete what a creation left and create it anew."""
        entry = TYPES[resource.type]
        if resource.id is None and entry.identity is not None:
            place = self._maker.place(resource.logical)
            resource.id = entry.identity(place, named(entry, resource.properties, resource.name))
        self._maker.delete(resource, resource.former())
        resource.id, resource.name = None, None
        self._maker.create(resource, once=False)

    def _change(self, resource: Resource, declared: Declared, wanted: dict[str, Any]) -> bool:
        entry = TYPES[resource.type]
        assert resource.before is not None
        had = resource.before.properties
        if resource.logical in self._live:
            actual = self._live[resource.logical]
            if actual is None:
                return self._replace(resource, declared, wanted, "the resource is gone")
            had = standing(entry, wanted, had, actual)
        differing = changed(entry, wanted, had)
        metadata = declared.metadata != resource.before.metadata
        if differing & entry.replaces:
            names = ", ".join(sorted(differing & entry.replaces))
            return self._replace(resource, declared, wanted, f"it changes {names}")
        self._declare(resource, declared, wanted)
        if not differing:
            resource.change = "updated" if metadata else "kept"
            if metadata:
                self._maker.note(resource, "UPDATE_COMPLETE")
            self._stacks.save_resource(self._stack, resource)
            return True
        resource.change = "updated"
        self._maker.note(resource, "UPDATE_IN_PROGRESS")
        reason = failure(lambda: self._maker.update(resource, wanted, had))
        if reason is not None:
            return self._refused(resource, reason)
        self._maker.note(resource, "UPDATE_COMPLETE")
        return True

    def _replace(
        self, resource: Resource, declared: Declared, wanted: dict[str, Any], why: str
    ) -> bool:
        entry = TYPES[resource.type]
        assert resource.before is not None
        name, standing_name = entry.named_by, resource.before.properties
        gone = self._live.get(resource.logical, wanted) is None
        if name in wanted and wanted[name] == standing_name.get(name) and not gone:
            resource.change = "kept"
            return self._refused(
                resource,
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {wanted[name]} and update the stack again.",
            )
        resource.change = "replaced"
        resource.id, resource.name, resource.attributes = None, None, {}
        self._declare(resource, declared, wanted)
        self._maker.note(
            resource,
            "UPDATE_IN_PROGRESS",
            f"Requested update requires the creation of a new physical resource ({why}); hence "
            "creating one.",
        )
        done = self._attempt(resource, "UPDATE_COMPLETE")
        if done:
            resource.leftovers.append(resource.before)
            self._stacks.save_resource(self._stack, resource)
        return done

    def _adopt(self, resource: Resource, done: str | None = None) -> bool:
        """Take over a resource that exists under the name wanted; False where there is none. It is
        told as an import, or as `done`."""
        entry = TYPES[resource.type]
        if entry.identity is None or entry.refresh is None:
            return False
        place = self._maker.place(resource.logical)
        resource.id = entry.identity(place, resource.properties)
        live: dict[str, Any] | None = None
        try:
            live = self._maker.live(resource)
        except ApiError as error:
            if error.status != 404:
                raise
        if live is None:
            resource.id = None
            return False
        resource.change = "adopted"
        if done is None:
            self._maker.note(resource, "IMPORT_IN_PROGRESS", "Resource import started.")
        had = standing(entry, resource.properties, {}, live)
        reason = failure(lambda: self._maker.update(resource, resource.properties, had))
        if reason is not None:
            return self._refused(resource, reason)
        if done is None:
            self._maker.note(resource, "IMPORT_COMPLETE", "Resource import completed.")
        else:
            self._maker.note(resource, done)
        return True
