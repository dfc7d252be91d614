"""Change sets: what a stack's change would do, and doing it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.aws.errors import ChangeFailed
from landrail.aws.sessions import Connection, Identity
from landrail.aws.stacks import SERVICE, describe_stack
from landrail.plan.stacks import Preview

Progress = Callable[[str], None]
_CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
_PATIENCE = 3600.0
_TEMPLATE_BYTES = 51_200
_EMPTY = ("didn't contain changes", "No updates are to be performed")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a change set is made of; `mode` is `CREATE` or `UPDATE`, `revert_drift` undoes what was
    changed outside CloudFormation, `import_existing` takes up named resources that are there."""

    stack: str
    template: Mapping[str, Any]
    tags: Mapping[str, str]
    mode: str = "UPDATE"
    revert_drift: bool = False
    import_existing: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change set that can be executed: its name, and its stack's id."""

    name: str
    stack_id: str

    @property
    def named(self) -> dict[str, str]:
        """The parameters that name it; permissions to use it are those on the stack."""
        return {"StackName": self.stack_id, "ChangeSetName": self.name}


def propose(connection: Connection, who: Identity, proposal: Proposal) -> Proposed | None:
    """Make a change set and wait for it; None where it holds no change. Raises ChangeFailed."""
    body = template_text(proposal.template)
    name = f"landrail-{hashlib.sha256(body.encode()).hexdigest()[:12]}-{time.time_ns()}"
    optional: dict[str, Any] = {}
    if proposal.revert_drift:
        optional["DeploymentMode"] = "REVERT_DRIFT"
    if proposal.import_existing:
        optional["ImportExistingResources"] = True
    if proposal.mode == "CREATE":
        optional["OnStackFailure"] = "DELETE"
    answer = connection.call(
        who,
        SERVICE,
        "CreateChangeSet",
        StackName=proposal.stack,
        ChangeSetName=name,
        ChangeSetType=proposal.mode,
        TemplateBody=body,
        Capabilities=_CAPABILITIES,
        Tags=[{"Key": k, "Value": v} for k, v in sorted(proposal.tags.items())],
        **optional,
    )
    proposed = Proposed(name, str(answer["StackId"]))
    told = _settled(connection, who, proposed)
    if told["Status"] == "CREATE_COMPLETE":
        return proposed
    reason = str(told.get("StatusReason", ""))
    discard(connection, who, proposed)
    if any(words in reason for words in _EMPTY):
        return None
    raise ChangeFailed(f"CloudFormation refuses the change of {proposal.stack}: {reason}")


def read_previews(connection: Connection, who: Identity, proposed: Proposed) -> tuple[Preview, ...]:
    """Return what a change set would do to each resource."""
    listed = connection.listed(who, SERVICE, "DescribeChangeSet", "Changes", **proposed.named)
    return tuple(
        _preview(change["ResourceChange"]) for change in listed if "ResourceChange" in change
    )


def discard(connection: Connection, who: Identity, proposed: Proposed) -> None:
    """Delete a change set that is not executed."""
    connection.call(who, SERVICE, "DeleteChangeSet", **proposed.named)


def execute(
    connection: Connection, who: Identity, proposed: Proposed, progress: Progress
) -> dict[str, Any]:
    """Execute a change set and wait; return the described stack. Raises ChangeFailed."""
    connection.call(who, SERVICE, "ExecuteChangeSet", **proposed.named)
    return await_stack(connection, who, proposed.stack_id, progress)


def await_stack(
    connection: Connection, who: Identity, name: str, progress: Progress
) -> dict[str, Any]:
    """Wait until a stack rests; return it described. Raises ChangeFailed unless it succeeded."""
    end = time.monotonic() + _PATIENCE
    pause = 0.05 if connection.is_local else 2.0
    while True:
        stack = describe_stack(connection, who, name)
        if stack is None:
            raise ChangeFailed(f"stack {name} could not be made and was taken away again")
        status = str(stack["StackStatus"])
        if not status.endswith("_IN_PROGRESS"):
            break
        if time.monotonic() > end:
            raise ChangeFailed(f"stack {name} is still {status}; apply again later")
        progress(status)
        time.sleep(pause)
        pause = min(pause * 1.4, 1.0 if connection.is_local else 10.0)
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
        return stack
    raise ChangeFailed(f"stack {stack['StackName']}: {status}: {_reason(connection, who, stack)}")


def delete_stack(connection: Connection, who: Identity, stack_id: str, progress: Progress) -> None:
    """Delete a stack and wait; resources with a Retain policy stay. Raises ChangeFailed."""
    connection.call(who, SERVICE, "DeleteStack", StackName=stack_id)
    end = time.monotonic() + _PATIENCE
    pause = 0.05 if connection.is_local else 2.0
    while True:
        stack = describe_stack(connection, who, stack_id)
        status = "DELETE_COMPLETE" if stack is None else str(stack["StackStatus"])
        if status == "DELETE_COMPLETE":
            return
        if stack is not None and not status.endswith("_IN_PROGRESS"):
            raise ChangeFailed(
                f"stack {stack['StackName']}: {status}: {_reason(connection, who, stack)}"
            )
        if time.monotonic() > end:
            raise ChangeFailed(f"stack {stack_id} is still {status}; try again later")
        progress(status)
        time.sleep(pause)
        pause = min(pause * 1.4, 1.0 if connection.is_local else 10.0)


def template_text(template: Mapping[str, Any]) -> str:
    """Return a template as the text that is sent; raises ChangeFailed over AWS's size."""
    text = json.dumps(template, separators=(",", ":"))
    size = len(text.encode())
    if size > _TEMPLATE_BYTES:
        raise ChangeFailed(f"the template has {size:,} of {_TEMPLATE_BYTES:,} bytes")
    return text


def _settled(connection: Connection, who: Identity, proposed: Proposed) -> dict[str, Any]:
    end = time.monotonic() + _PATIENCE
    pause = 0.02 if connection.is_local else 2.0
    while True:
        told = connection.call(who, SERVICE, "DescribeChangeSet", **proposed.named)
        if told["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return told
        if time.monotonic() > end:
            raise ChangeFailed("CloudFormation does not finish the change set; apply again later")
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)


def _reason(connection: Connection, who: Identity, stack: Mapping[str, Any]) -> str:
    """The first failure among a stack's latest events: the one behind all others."""
    events = connection.listed(
        who, SERVICE, "DescribeStackEvents", "StackEvents", StackName=stack["StackId"]
    )
    found = ""
    for event in events:
        status, said = event.get("ResourceStatus", ""), event.get("ResourceStatusReason", "")
        if said == "User Initiated":
            break
        if status.endswith("_FAILED") and said and "cancelled" not in said:
            found = f"{event['LogicalResourceId']}: {said}"
    return found or str(stack.get("StackStatusReason", "no reason given"))


def _preview(told: Mapping[str, Any]) -> Preview:
    names = [d["Target"].get("Name") or d["Target"]["Attribute"] for d in told.get("Details", ())]
    return Preview(
        logical_id=told["LogicalResourceId"],
        type=told["ResourceType"],
        action=told["Action"],
        replacement=told.get("Replacement"),
        properties=tuple(dict.fromkeys(names)),
    )
