"""Change sets: a goal foreseen, shown, and performed as it was shown."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.cloudformation import parameters
from landrail.localaws.services.cloudformation.asking import (
    Asker,
    not_supported,
    refused,
    stack_name,
)
from landrail.localaws.services.cloudformation.cleaning import become
from landrail.localaws.services.cloudformation.drift import Drift
from landrail.localaws.services.cloudformation.foresight import Change, Detail, Foreseen
from landrail.localaws.services.cloudformation.lifecycle import Lifecycle, updatable
from landrail.localaws.services.cloudformation.stacks import Goal, Stack, Stacks
from landrail.localaws.services.cloudformation.template import URL_LIMIT, Template, parse
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.compare import written
from landrail.localaws.services.cloudformation.views import (
    missing_change_set,
    moment,
    paged,
    without_none,
)
from landrail.localaws.store.tables import Tables

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_EMPTY = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)


class ChangeSets:
    """The change sets of all stacks."""

    def __init__(
        self, platform: Platform, stacks: Stacks, lifecycle: Lifecycle, drift: Drift, tables: Tables
    ) -> None:
        self._stacks = stacks
        self._lifecycle = lifecycle
        self._drift = drift
        self._asker = Asker(platform)
        self._table = tables.table("cloudformation.changesets")

    def operations(self) -> Mapping[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateChangeSet": self.create,
            "DeleteChangeSet": self.delete,
            "DescribeChangeSet": self.describe,
            "ExecuteChangeSet": self.execute,
            "ListChangeSets": self.list,
        }

    def create(self, call: ApiCall) -> dict[str, Any]:
        """CreateChangeSet."""
        params = call.params
        not_supported(
            params,
            "DeploymentConfig",
            "IncludeNestedStacks",
            "NotificationARNs",
            "ResourceTypes",
            "ResourcesToImport",
            "RollbackConfiguration",
        )
        name = str(params.get("ChangeSetName", ""))
        if not _NAME.fullmatch(name):
            raise refused(
                f"Value '{name}' at 'changeSetName' failed to satisfy constraint: Member must "
                "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            )
        stack = self._stack(call, name)
        if self._named(stack, name) is not None:
            raise ApiError("AlreadyExistsException", f"ChangeSet {name} already exists")
        reviewed = stack.status == "REVIEW_IN_PROGRESS"
        goal, template = self._asker.goal(call, stack, None if reviewed else stack.goal)
        mode = params.get("DeploymentMode")
        live = None
        if mode == "REVERT_DRIFT":
            if reviewed:
                raise refused("DeploymentMode REVERT_DRIFT needs a stack that exists.")
            live = self._drift.live(stack, call)
        foreseen: Foreseen = self._lifecycle.foresee(stack, goal, live)
        document = self._document(call, stack, name, goal, template, foreseen)
        if reviewed and self._stacks.find(call.account, call.region, stack.name) is None:
            stack.goal = goal
            become(self._stacks, stack, "REVIEW_IN_PROGRESS", "User Initiated")
        self._put(document)
        return {"Id": document["id"], "StackId": stack.id}

    def _document(
        self,
        call: ApiCall,
        stack: Stack,
        name: str,
        goal: Goal,
        template: Template,
        foreseen: Foreseen,
    ) -> dict[str, Any]:
        params = call.params
        adopt = []
        if params.get("ImportExistingResources"):
            adopt = [
                c.logical for c in foreseen.changes if c.action == "Add" and _adoptable(template, c)
            ]
        return {
            "id": f"arn:aws:cloudformation:{call.region}:{call.account}:changeSet/{name}/"
            f"{uuid.uuid4()}",
            "name": name,
            "stack": stack.id,
            "stack_name": stack.name,
            "goal": asdict(goal),
            "status": "CREATE_COMPLETE" if foreseen else "FAILED",
            "reason": None if foreseen else _EMPTY,
            "execution": "AVAILABLE" if foreseen else "UNAVAILABLE",
            "created": time.time(),
            "description": params.get("Description"),
            "mode": params.get("DeploymentMode"),
            "adopt": adopt,
            "import": bool(params.get("ImportExistingResources")),
            "on_failure": params.get("OnStackFailure"),
            "at": stack.operation,
            "changes": [_shown(change, goal, template) for change in foreseen.changes],
        }

    def _stack(self, call: ApiCall, name: str) -> Stack:
        """Return the stack that a new change set is for; a new one, not yet written, for CREATE."""
        params = call.params
        asked = str(params.get("StackName", ""))
        kind = params.get("ChangeSetType", "UPDATE")
        standing = self._stacks.find(call.account, call.region, asked)
        if kind == "IMPORT":
            raise refused("Not supported by the local CloudFormation: ChangeSetType IMPORT")
        if kind == "CREATE":
            if standing is None:
                return self._review(call, stack_name(params))
            if standing.status != "REVIEW_IN_PROGRESS":
                raise refused(
                    f"Stack [{asked}] already exists and cannot be created again with the "
                    f"changeSet [{name}]."
                )
            return standing
        if standing is None:
            raise refused(f"Stack [{asked}] does not exist")
        updatable(standing)
        return standing

    def _review(self, call: ApiCall, name: str) -> Stack:
        stack = self._lifecycle.fresh(call, name)
        stack.status = "REVIEW_IN_PROGRESS"
        return stack

    def _put(self, document: Mapping[str, Any]) -> None:
        self._table.put(*_key(document["id"]), value=document)

    def _of(self, stack: Stack) -> list[dict[str, Any]]:
        documents = (d for _, d in self._table.scan(stack.account, stack.region))
        return sorted((d for d in documents if d["stack"] == stack.id), key=lambda d: -d["created"])

    def _named(self, stack: Stack, name: str) -> dict[str, Any] | None:
        return next((d for d in self._of(stack) if d["name"] == name), None)

    def _find(self, call: ApiCall) -> tuple[Stack, dict[str, Any]]:
        name = str(call.params.get("ChangeSetName", ""))
        if name.startswith("arn:"):
            document = self._table.get(*_key(name))
            if document is None or document["id"] != name:
                raise missing_change_set(name)
            return self._stacks.get(call.account, call.region, document["stack"]), document
        if not call.params.get("StackName"):
            raise refused(
                "StackName must be specified if ChangeSetName is not specified as an ARN."
            )
        asked = str(call.params["StackName"])
        stack = self._stacks.find(call.account, call.region, asked)
        if stack is None:
            raise refused(f"Stack [{asked}] does not exist")
        document = self._named(stack, name)
        if document is None:
            raise missing_change_set(name)
        return stack, document

    def describe(self, call: ApiCall) -> dict[str, Any]:
        """DescribeChangeSet."""
        stack, document = self._find(call)
        goal = Goal(**document["goal"])
        template = parse(goal.template, URL_LIMIT)
        values = bool(call.params.get("IncludePropertyValues")) or document["mode"] is not None
        changes = [_without_values(c) if not values else c for c in document["changes"]]
        drift = stack.drift["status"] if stack.drift else "NOT_CHECKED"
        return without_none(
            {
                "ChangeSetName": document["name"],
                "ChangeSetId": document["id"],
                "StackId": stack.id,
                "StackName": stack.name,
                "Description": document["description"],
                "Parameters": parameters.shown(template, goal.parameters, goal.resolved) or None,
                "CreationTime": moment(document["created"]),
                "ExecutionStatus": self._execution(stack, document),
                "Status": document["status"],
                "StatusReason": document["reason"],
                "StackDriftStatus": drift if document["mode"] else None,
                "NotificationARNs": [],
                "RollbackConfiguration": {},
                "Capabilities": goal.capabilities or None,
                "Tags": [{"Key": k, "Value": v} for k, v in sorted(goal.tags.items())] or None,
                **paged(changes, call.params, "Changes"),
                "IncludeNestedStacks": False,
                "OnStackFailure": document["on_failure"],
                "ImportExistingResources": document["import"],
                "DeploymentMode": document["mode"],
            }
        )

    def _execution(self, stack: Stack, document: Mapping[str, Any]) -> str:
        if stack.change_set == document["id"]:
            if stack.busy:
                return "EXECUTE_IN_PROGRESS"
            done = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
            return "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"
        if document["at"] != stack.operation and document["execution"] == "AVAILABLE":
            return "OBSOLETE"
        return str(document["execution"])

    def execute(self, call: ApiCall) -> dict[str, Any]:
        """ExecuteChangeSet; the stack's other change sets are gone with it."""
        stack, document = self._find(call)
        token = call.params.get("ClientRequestToken")
        if token and stack.token == token and stack.change_set == document["id"]:
            return {}
        status = self._execution(stack, document)
        if status != "AVAILABLE":
            shown = document["status"] if document["status"] == "FAILED" else status
            raise ApiError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{document['id']}] cannot be executed in its current status of "
                f"[{shown}]",
            )
        goal = Goal(**document["goal"])
        self._lifecycle.begin_update(call, stack, goal, document)
        for other in self._of(stack):
            if other["id"] != document["id"]:
                self._table.delete(*_key(other["id"]))
        return {}

    def delete(self, call: ApiCall) -> dict[str, Any]:
        """DeleteChangeSet; of one that is not there, nothing."""
        try:
            stack, document = self._find(call)
        except ApiError as error:
            if error.code == "ChangeSetNotFound":
                return {}
            raise
        if stack.change_set == document["id"] and stack.busy:
            raise ApiError(
                "InvalidChangeSetStatus",
                f"An operation on ChangeSet [{document['id']}] is currently in progress.",
            )
        self._table.delete(*_key(document["id"]))
        return {}

    def list(self, call: ApiCall) -> dict[str, Any]:
        """ListChangeSets."""
        name = str(call.params.get("StackName", ""))
        stack = self._stacks.find(call.account, call.region, name)
        if stack is None:
            raise refused(f"Stack [{name}] does not exist")
        shown = [
            without_none(
                {
                    "StackId": stack.id,
                    "StackName": stack.name,
                    "ChangeSetId": document["id"],
                    "ChangeSetName": document["name"],
                    "ExecutionStatus": self._execution(stack, document),
                    "Status": document["status"],
                    "StatusReason": document["reason"],
                    "CreationTime": moment(document["created"]),
                    "Description": document["description"],
                    "IncludeNestedStacks": False,
                    "ImportExistingResources": document["import"],
                }
            )
            for document in self._of(stack)
        ]
        return paged(shown, call.params, "Summaries")


def _key(arn: str) -> tuple[str, str, str]:
    parts = arn.split(":", 5)
    if len(parts) != 6:
        raise missing_change_set(arn)
    return parts[4], parts[3], arn.rsplit("/", 1)[-1]


def _adoptable(template: Template, change: Change) -> bool:
    """Whether an added resource may be one that exists: named by the template, and retained."""
    entry = TYPES[change.type]
    declared = template.resources[change.logical]
    explicit = entry.named_by is None or entry.named_by in declared.properties
    kept = declared.deletion_policy in ("Retain", "RetainExceptOnCreate")
    return explicit and kept and entry.identity is not None and entry.refresh is not None


def _shown(change: Change, goal: Goal, template: Template) -> dict[str, Any]:
    masks = [v for n, v in goal.parameters.items() if v and parameters.hidden(template, n)]
    return {
        "Type": "Resource",
        "ResourceChange": without_none(
            {
                "PolicyAction": change.policy_action,
                "Action": change.action,
                "LogicalResourceId": change.logical,
                "PhysicalResourceId": change.id,
                "ResourceType": change.type,
                "Replacement": change.replacement,
                "Scope": change.scope,
                "ResourceDriftStatus": change.drift,
                "Details": [_detail(d, masks, change.drift is not None) for d in change.details],
            }
        ),
    }


def _detail(detail: Detail, masks: list[str], from_live: bool) -> dict[str, Any]:
    def value(of: Any) -> str | None:
        if of is None:
            return None
        text = str(of) if type(of).__name__ == "Unknown" else written(_printable(of))
        for mask in masks:
            text = text.replace(mask, parameters.MASK)
        return text

    kind = "Modify"
    if detail.before is None:
        kind = "Add"
    elif detail.after is None:
        kind = "Remove"
    target = {
        "Attribute": detail.attribute,
        "Name": detail.name,
        "RequiresRecreation": detail.recreation,
        "Path": f"/{detail.attribute}" + (f"/{detail.name}" if detail.name else ""),
        "BeforeValue": value(detail.before),
        "AfterValue": value(detail.after),
        "BeforeValueFrom": "ACTUAL_STATE" if from_live else None,
        "AfterValueFrom": "TEMPLATE" if from_live else None,
        "AttributeChangeType": kind,
    }
    return without_none(
        {
            "Target": without_none(target),
            "Evaluation": "Dynamic" if detail.dynamic else "Static",
            "ChangeSource": detail.source,
            "CausingEntity": detail.cause,
        }
    )


def _printable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return str(value) if type(value).__name__ == "Unknown" else value


def _without_values(change: Mapping[str, Any]) -> dict[str, Any]:
    body = dict(change["ResourceChange"])
    body["Details"] = [
        {
            **detail,
            "Target": {
                k: v
                for k, v in detail["Target"].items()
                if k in ("Attribute", "Name", "RequiresRecreation")
            },
        }
        for detail in body["Details"]
    ]
    return {**change, "ResourceChange": body}
