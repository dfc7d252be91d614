"""The phases of an operation on a stack, and the status that each ends with.

A phase is what the stack's status says, so an operation that was cut short is taken up where its
records say it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.acting import Actor
from landrail.localaws.services.cloudformation.cleaning import Cleaner, become
from landrail.localaws.services.cloudformation.evaluation import Evaluation, evaluate, outputs
from landrail.localaws.services.cloudformation.making import Maker, failure
from landrail.localaws.services.cloudformation.outside import around, exports, importers
from landrail.localaws.services.cloudformation.references import walk
from landrail.localaws.services.cloudformation.stacks import Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.stepping import Stepper

WIDTH = 4


class Unreached(Exception):
    """An operation that did not reach its goal; its text is the stack's reason."""


class Halted(Exception):
    """Nothing more was begun, because somebody said so."""


class Operation:
    """One phase of one stack's operation."""

    def __init__(
        self,
        stacks: Stacks,
        stack: Stack,
        resources: dict[str, Resource],
        maker: Maker,
        actor: Actor,
        halted: Callable[[], bool],
    ) -> None:
        self._stacks = stacks
        self._stack = stack
        self._resources = resources
        self._maker = maker
        self._actor = actor
        self._halted = halted
        self._imports: set[str] = set()
        self._cleaner = Cleaner(stacks, stack, resources, maker)

    def phase(self) -> None:
        """Do what the stack's status says and write the next status."""
        phases: dict[str, Callable[[], None]] = {
            "CREATE_IN_PROGRESS": self._forward,
            "UPDATE_IN_PROGRESS": self._forward,
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": lambda: self._clean("UPDATE_COMPLETE"),
            "ROLLBACK_IN_PROGRESS": self._undo_create,
            "UPDATE_ROLLBACK_IN_PROGRESS": self._undo_update,
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": lambda: self._clean(
                "UPDATE_ROLLBACK_COMPLETE"
            ),
            "DELETE_IN_PROGRESS": self._delete,
        }
        phases[self._stack.status]()

    def _become(self, status: str, reason: str | None = None) -> None:
        become(self._stacks, self._stack, status, reason)

    def _evaluate(self) -> Evaluation:
        self._imports.clear()
        outside = around(self._stacks, self._stack, self._actor, self._imports.add)
        return evaluate(self._stack, self._stack.goal, outside, self._ref, self._attribute)

    def _ref(self, name: str) -> Any:
        resource = self._resources.get(name)
        if resource is None or resource.id is None:
            raise ApiError("ValidationError", f"Unresolved resource dependencies [{name}]")
        return resource.id

    def _attribute(self, name: str, attribute: str) -> Any:
        resource = self._resources.get(name)
        if resource is None or attribute not in resource.attributes:
            raise ApiError("ValidationError", f"Attribute {name}.{attribute} has no value")
        return resource.attributes[attribute]

    def _forward(self) -> None:
        try:
            self._reach()
        except Halted:
            self._maker.place("").pause(0)  # raises Stopped where it is the server that stops
            self._failed("User initiated operation cancelled. ")
        except Unreached as error:
            self._failed(str(error))
        except ApiError as error:
            self._failed(error.message + " ")
        else:
            if self._stack.status == "CREATE_IN_PROGRESS":
                self._become("CREATE_COMPLETE")
            else:
                self._become("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")

    def _reach(self) -> None:
        """Take every resource to the goal; raises Unreached saying which did not get there."""
        evaluation = self._evaluate()
        live = {}
        if self._stack.revert:
            live = {
                name: self._maker.live(resource)
                for name, resource in self._resources.items()
                if resource.operation != self._stack.operation and name in evaluation.active
            }
        stepper = Stepper(self._stacks, self._stack, self._resources, self._maker, evaluation, live)
        complete = walk(
            evaluation.edges,
            lambda name: not self._halted() and stepper.step(name),
            width=WIDTH,
            keep_going=False,
        )
        if not complete:
            failed = sorted(n for n, r in self._resources.items() if r.status.endswith("_FAILED"))
            if not failed:
                raise Halted
            verb = "create" if self._stack.status == "CREATE_IN_PROGRESS" else "update"
            raise Unreached(f"The following resource(s) failed to {verb}: [{', '.join(failed)}]. ")
        coming = outputs(evaluation)
        self._check_exports(coming)
        self._stack.outputs = coming
        self._stack.imports = sorted(self._imports)
        self._stack.description = evaluation.template.description

    def _check_exports(self, coming: list[dict[str, str]]) -> None:
        place = (self._stack.account, self._stack.region)
        known = exports(self._stacks, *place)
        new = {o["ExportName"]: o["OutputValue"] for o in coming if "ExportName" in o}
        for name in new:
            if name in known and known[name][1].id != self._stack.id:
                raise Unreached(
                    f"Export with name {name} is already exported by stack {known[name][1].name}"
                )
        for output in self._stack.outputs:
            old = output.get("ExportName")
            if old is None or new.get(old) == output["OutputValue"]:
                continue
            users = importers(self._stacks, *place, old)
            if users:
                verb = "updated" if old in new else "deleted"
                raise Unreached(
                    f"Export {old} cannot be {verb} as it is in use by {', '.join(users)}"
                )

    def _failed(self, reason: str) -> None:
        creating = self._stack.status == "CREATE_IN_PROGRESS"
        action = self._stack.on_failure
        if action == "DO_NOTHING":
            self._become("CREATE_FAILED" if creating else "UPDATE_FAILED", reason)
        elif not creating:
            self._become("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        elif action == "DELETE":
            self._become("DELETE_IN_PROGRESS", reason + "Delete requested by user.")
        else:
            self._become("ROLLBACK_IN_PROGRESS", reason + "Rollback requested by user.")

    def _undo_create(self) -> None:
        failed = self._cleaner.all(creating=True)
        if failed:
            self._become(
                "ROLLBACK_FAILED",
                f"The following resource(s) failed to delete: [{', '.join(failed)}]. ",
            )
        else:
            self._stack.outputs = []
            self._become("ROLLBACK_COMPLETE")

    def _undo_update(self) -> None:
        """Give back to every resource touched what it had, in the order of the former goal."""
        touched = {
            name: resource
            for name, resource in self._resources.items()
            if resource.operation == self._stack.operation and resource.before is not None
        }
        order = {
            name: {n for n in (r.before.needs if r.before else []) if n in touched}
            for name, r in touched.items()
        }
        walk(order, lambda name: self._restore(touched[name]), width=WIDTH, keep_going=True)
        failed = sorted(n for n, r in touched.items() if r.before is not None)
        if self._halted():
            self._maker.place("").pause(0)
        if failed:
            self._become(
                "UPDATE_ROLLBACK_FAILED",
                f"The following resource(s) failed to update: [{', '.join(failed)}]. ",
            )
            return
        if self._stack.former is not None:
            self._stack.goal, self._stack.former = self._stack.former, None
        self._become("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")

    def _restore(self, resource: Resource) -> bool:
        before = resource.before
        assert before is not None
        if resource.change == "replaced":
            if resource.id is not None and resource.id != before.id:
                new = resource.former()
                new.replace_policy = "Delete"  # made by what is rolled back
                resource.leftovers = [new]
            else:
                resource.leftovers = []
        elif resource.change == "updated" and resource.logical not in self._stack.skip:
            self._maker.note(resource, "UPDATE_IN_PROGRESS")
            new_properties = resource.properties
            reason = failure(
                lambda: self._maker.update(resource, before.properties, new_properties)
            )
            if reason is not None:
                self._maker.note(resource, "UPDATE_FAILED", reason)
                return False
        noted = resource.change != "kept" or resource.status.endswith("_FAILED")
        resource.take(before)
        resource.before, resource.change = None, "kept"
        if noted:
            self._maker.note(resource, "UPDATE_COMPLETE")
        else:
            self._stacks.save_resource(self._stack, resource)
        return True

    def _clean(self, status: str) -> None:
        self._cleaner.leftovers()
        evaluation = self._evaluate()
        self._cleaner.removed(set(evaluation.active), rolled_back="ROLLBACK" in status)
        self._stack.former, self._stack.revert, self._stack.skip = None, False, []
        self._become(status)

    def _delete(self) -> None:
        try:
            self._check_unused()
        except Unreached as error:
            self._become("DELETE_FAILED", str(error))
            return
        failed = self._cleaner.all(creating=False)
        if failed:
            names = ", ".join(failed)
            self._become(
                "DELETE_FAILED", f"The following resource(s) failed to delete: [{names}]. "
            )
            return
        self._stack.deleted = time.time()
        self._become("DELETE_COMPLETE")

    def _check_unused(self) -> None:
        place = (self._stack.account, self._stack.region)
        for output in self._stack.outputs:
            name = output.get("ExportName")
            users = importers(self._stacks, *place, name) if name else []
            if users:
                raise Unreached(
                    f"Export {name} cannot be deleted as it is in use by {', '.join(users)}"
                )
