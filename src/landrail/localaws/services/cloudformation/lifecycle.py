"""The operations that begin something on a stack: create, update, delete, roll back, cancel."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.cloudformation.acting import remembered
from landrail.localaws.services.cloudformation.asking import (
    Asker,
    not_supported,
    refused,
    stack_name,
)
from landrail.localaws.services.cloudformation.cleaning import become
from landrail.localaws.services.cloudformation.engine import Engine
from landrail.localaws.services.cloudformation.foresight import foresee
from landrail.localaws.services.cloudformation.outside import around
from landrail.localaws.services.cloudformation.stacks import Goal, Stack, Stacks, stack_id

UPDATABLE = (
    "CREATE_COMPLETE",
    "IMPORT_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
)
_IGNORED = (
    "DeploymentConfig",
    "NotificationARNs",
    "ResourceTypes",
    "RollbackConfiguration",
    "StackPolicyBody",
    "StackPolicyDuringUpdateBody",
    "StackPolicyDuringUpdateURL",
    "StackPolicyURL",
    "TimeoutInMinutes",
)


class Lifecycle:
    """Begins operations; each is refused at once where it cannot be begun."""

    def __init__(self, platform: Platform, stacks: Stacks, engine: Engine) -> None:
        self._stacks = stacks
        self._engine = engine
        self._asker = Asker(platform)

    def operations(self) -> Mapping[str, Operation]:
        """Return the operations by name."""
        return {
            "CancelUpdateStack": self.cancel,
            "ContinueUpdateRollback": self.continue_rollback,
            "CreateStack": self.create,
            "DeleteStack": self.delete,
            "RollbackStack": self.rollback,
            "UpdateStack": self.update,
            "UpdateTerminationProtection": self.protect,
        }

    def _get(self, call: ApiCall) -> Stack:
        name = str(call.params.get("StackName", ""))
        return self._stacks.get(call.account, call.region, name)

    def create(self, call: ApiCall) -> dict[str, Any]:
        """CreateStack."""
        params = call.params
        not_supported(params, *_IGNORED)
        name = stack_name(params)
        standing = self._stacks.find(call.account, call.region, name)
        if standing is not None:
            token = params.get("ClientRequestToken")
            if token and standing.token == token:
                return {"StackId": standing.id}
            raise already_exists(name)
        if params.get("OnFailure") and params.get("DisableRollback"):
            raise refused("Either DisableRollback or OnFailure can be specified, not both.")
        stack = self.fresh(call, name)
        stack.goal, _ = self._asker.goal(call, stack, None)
        stack.on_failure = on_failure(params)
        self.foresee(stack, stack.goal)
        with self._stacks.exclusive():
            if self._stacks.find(call.account, call.region, name) is not None:
                raise already_exists(name)
            become(self._stacks, stack, "CREATE_IN_PROGRESS", "User Initiated")
        self._engine.begin(stack)
        return {"StackId": stack.id}

    def fresh(self, call: ApiCall, name: str) -> Stack:
        """Return a new stack's record, not yet written."""
        params = call.params
        return Stack(
            id=stack_id(call.account, call.region, name),
            name=name,
            account=call.account,
            region=call.region,
            status="CREATE_IN_PROGRESS",
            goal=Goal("", caller=remembered(call.caller)),
            created=time.time(),
            protected=bool(params.get("EnableTerminationProtection", False)),
            retain_except_on_create=bool(params.get("RetainExceptOnCreate", False)),
            token=params.get("ClientRequestToken"),
            operation=str(uuid.uuid4()),
        )

    def foresee(self, stack: Stack, goal: Goal, live: Any = None) -> Any:
        """Return what a goal will change; raises ApiError for what cannot be done."""
        striving = Stack(**{n: getattr(stack, n) for n in Stack.__dataclass_fields__})
        striving.goal = goal
        outside = around(self._stacks, stack, self._engine.actor(striving))
        return foresee(stack, goal, self._stacks.resources(stack), outside, live)

    def update(self, call: ApiCall) -> dict[str, Any]:
        """UpdateStack."""
        not_supported(call.params, *_IGNORED)
        stack = self._get(call)
        token = call.params.get("ClientRequestToken")
        if token and stack.token == token:
            return {"StackId": stack.id}
        updatable(stack)
        goal, _ = self._asker.goal(call, stack, stack.goal)
        if not self.foresee(stack, goal):
            raise refused("No updates are to be performed.")
        self.begin_update(call, stack, goal)
        return {"StackId": stack.id}

    def begin_update(
        self, call: ApiCall, stack: Stack, goal: Goal, change_set: Mapping[str, Any] | None = None
    ) -> None:
        """Begin an update (or the creation of a reviewed stack) towards a goal."""
        with self._stacks.exclusive():
            now = self._stacks.get(call.account, call.region, stack.id)
            reviewed = now.status == "REVIEW_IN_PROGRESS"
            if not reviewed:
                updatable(now)
                now.former = now.goal
            now.goal = goal
            now.operation = str(uuid.uuid4())
            now.token = call.params.get("ClientRequestToken")
            now.on_failure = on_failure(call.params)
            if "RetainExceptOnCreate" in call.params:
                now.retain_except_on_create = bool(call.params["RetainExceptOnCreate"])
            if change_set is not None:
                now.change_set = change_set["id"]
                now.revert = change_set["mode"] == "REVERT_DRIFT"
                now.adopt = list(change_set["adopt"])
                now.on_failure = change_set["on_failure"] or now.on_failure
            status = "CREATE_IN_PROGRESS" if reviewed else "UPDATE_IN_PROGRESS"
            become(self._stacks, now, status, "User Initiated")
        self._engine.begin(now)

    def delete(self, call: ApiCall) -> dict[str, Any]:
        """DeleteStack; of a stack that is not there, nothing."""
        params = call.params
        not_supported(params, "DeploymentConfig")
        name = str(params.get("StackName", ""))
        stack = self._stacks.find(call.account, call.region, name)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return {}
        if stack.protected:
            raise refused(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        if stack.status == "DELETE_IN_PROGRESS":
            return {}
        if stack.status == "CREATE_IN_PROGRESS":
            self._engine.cancel(stack)
            self._engine.wait(stack)
        with self._stacks.exclusive():
            stack = self._stacks.get(call.account, call.region, stack.id)
            if stack.busy:
                raise in_state(stack, "deleted")
            self._aim_delete(call, stack)
            become(self._stacks, stack, "DELETE_IN_PROGRESS", "User Initiated")
        self._engine.begin(stack)
        return {}

    def _aim_delete(self, call: ApiCall, stack: Stack) -> None:
        params = call.params
        retain = list(params.get("RetainResources", []))
        if params.get("DeletionMode") == "FORCE_DELETE_STACK":
            resources = self._stacks.resources(stack)
            retain += [n for n, r in resources.items() if r.status == "DELETE_FAILED"]
        if retain and stack.status != "DELETE_FAILED":
            raise refused(
                f"Invalid operation on stack [{stack.id}]. To specify RetainResources, your stack "
                "must be in the DELETE_FAILED state."
            )
        role = params.get("RoleARN")
        if role:
            self._asker.pass_role(call, str(role))
            stack.goal.role = str(role)
        stack.goal.caller = remembered(call.caller)
        stack.retain = retain
        stack.token = params.get("ClientRequestToken")
        stack.operation = str(uuid.uuid4())

    def cancel(self, call: ApiCall) -> dict[str, Any]:
        """CancelUpdateStack."""
        stack = self._get(call)
        if stack.status != "UPDATE_IN_PROGRESS":
            raise refused("CancelUpdateStack cannot be called from current stack status")
        self._engine.cancel(stack)
        return {}

    def continue_rollback(self, call: ApiCall) -> dict[str, Any]:
        """ContinueUpdateRollback."""
        stack = self._get(call)
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise refused(
                f"Stack:{stack.id} is in {stack.status} state and can not continue rolling back"
            )
        self._roll(call, stack, "UPDATE_ROLLBACK_IN_PROGRESS")
        return {}

    def rollback(self, call: ApiCall) -> dict[str, Any]:
        """RollbackStack."""
        stack = self._get(call)
        phases = {
            "CREATE_FAILED": "ROLLBACK_IN_PROGRESS",
            "UPDATE_FAILED": "UPDATE_ROLLBACK_IN_PROGRESS",
        }
        if stack.status not in phases:
            raise refused(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back")
        self._roll(call, stack, phases[stack.status])
        return {"StackId": stack.id}

    def _roll(self, call: ApiCall, stack: Stack, status: str) -> None:
        role = call.params.get("RoleARN")
        if role:
            self._asker.pass_role(call, str(role))
            stack.goal.role = str(role)
        stack.skip = list(call.params.get("ResourcesToSkip", []))
        unknown = [n for n in stack.skip if n not in self._stacks.resources(stack)]
        if unknown:
            raise refused(f"Some resources do not exist in stack: {', '.join(unknown)}")
        stack.goal.caller = remembered(call.caller)
        become(self._stacks, stack, status, "User Initiated")
        self._engine.begin(stack)

    def protect(self, call: ApiCall) -> dict[str, Any]:
        """UpdateTerminationProtection."""
        with self._stacks.exclusive():
            stack = self._get(call)
            if stack.busy or stack.status == "DELETE_COMPLETE":
                raise in_state(stack, "updated")
            stack.protected = bool(call.params["EnableTerminationProtection"])
            self._stacks.save(stack)
        return {"StackId": stack.id}


def on_failure(params: Mapping[str, Any]) -> str:
    """Return what is to be done when the operation fails."""
    return "DO_NOTHING" if params.get("DisableRollback") else params.get("OnFailure", "ROLLBACK")


def already_exists(name: str) -> ApiError:
    """Return the error for a stack whose name is taken."""
    return ApiError("AlreadyExistsException", f"Stack [{name}] already exists")


def in_state(stack: Stack, verb: str) -> ApiError:
    """Return the error for a stack that is in no state for what is asked."""
    return refused(f"Stack:{stack.id} is in {stack.status} state and can not be {verb}.")


def updatable(stack: Stack) -> None:
    """Refuse a stack that cannot be updated in its state."""
    if stack.status not in UPDATABLE:
        raise in_state(stack, "updated")
