"""Bringing one stack to what is wanted: made, changed, mended, protected, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.changesets import (
    Progress,
    Proposal,
    Proposed,
    await_stack,
    delete_stack,
    discard,
    execute,
    propose,
    read_previews,
    template_text,
)
from landrail.aws.entering import NoEntry
from landrail.aws.errors import ChangeFailed, code
from landrail.aws.sessions import Identity
from landrail.aws.stacks import SERVICE, describe_stack, outputs_of
from landrail.aws.world import World
from landrail.plan.known import with_placeholders
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.order import is_baseline
from landrail.plan.stacks import FAILED_CREATIONS, Preview
from landrail.plan.templates import marked, retained
from landrail.plan.values import Action, Change
from landrail.resources import Address, Stack


def change_stack(world: World, wanted: Stack, change: Change, progress: Progress) -> None:
    """Bring a stack to its template; what it gives out is remembered for those that wait for it."""
    who = entered(world, wanted.account)
    template = marked(world.resolved(wanted.template))
    if change.action is Action.CREATE:
        stack = _created(world, who, wanted, template, progress)
    else:
        stack = _updated(world, who, wanted, template, change, progress)
    if bool(stack.get("EnableTerminationProtection")) != wanted.protected:
        _protect(world, who, wanted.name, wanted.protected)
    world.set_outputs(wanted.account, wanted.name, outputs_of(stack))
    if is_baseline(wanted):
        world.entrances.changed()


def preview_stack(world: World, wanted: Stack, *, revert_drift: bool) -> tuple[Preview, ...]:
    """Ask CloudFormation what the change of a standing stack would do, changing nothing."""
    who = entered(world, wanted.account)
    template = marked(with_placeholders(wanted.template, world.values()))
    proposal = Proposal(wanted.name, template, _tags(world, wanted), revert_drift=revert_drift)
    proposed = propose(world.connection, who, proposal)
    if proposed is None:
        return ()
    try:
        return read_previews(world.connection, who, proposed)
    finally:
        discard(world.connection, who, proposed)


def remove_stack(world: World, who: Identity, address: Address, progress: Progress) -> None:
    """Delete a stack, its protection taken off first; retained resources stay."""
    stack = describe_stack(world.connection, who, address.name)
    if stack is None:
        return
    if stack.get("EnableTerminationProtection"):
        _protect(world, who, address.name, False)
    delete_stack(world.connection, who, stack["StackId"], progress)


def _created(
    world: World, who: Identity, wanted: Stack, template: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    connection = world.connection
    there = describe_stack(connection, who, wanted.name) if _may_stand(world, wanted) else None
    if there is not None and there["StackStatus"] in FAILED_CREATIONS:
        delete_stack(connection, who, there["StackId"], progress)
    elif there is not None:
        return _changed(world, who, wanted, template, True, progress, unseen=True)
    if retained(template):
        proposal = Proposal(
            wanted.name, template, _tags(world, wanted), "CREATE", import_existing=True
        )
        proposed = propose(connection, who, proposal)
        if proposed is None:
            raise ChangeFailed(f"stack {wanted.name} would hold nothing")
        return execute(connection, who, proposed, progress)
    try:
        stack_id = _create_directly(world, who, wanted, template)
    except ClientError as error:
        if code(error) != "AlreadyExistsException":
            raise
        return _changed(world, who, wanted, template, True, progress, unseen=True)
    return await_stack(connection, who, stack_id, progress)


def _create_directly(
    world: World, who: Identity, wanted: Stack, template: Mapping[str, Any]
) -> str:
    answer = world.connection.call(
        who,
        SERVICE,
        "CreateStack",
        StackName=wanted.name,
        TemplateBody=template_text(template),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        OnFailure="DELETE",
        EnableTerminationProtection=wanted.protected,
        Tags=[{"Key": k, "Value": v} for k, v in sorted(_tags(world, wanted).items())],
    )
    return str(answer["StackId"])


def _updated(
    world: World,
    who: Identity,
    wanted: Stack,
    template: Mapping[str, Any],
    change: Change,
    progress: Progress,
) -> dict[str, Any]:
    there = describe_stack(world.connection, who, wanted.name)
    if there is None:
        raise ChangeFailed(f"stack {wanted.name} was deleted since the plan; plan again")
    if there["StackStatus"] == "UPDATE_ROLLBACK_FAILED":
        world.connection.call(who, SERVICE, "ContinueUpdateRollback", StackName=wanted.name)
    if there["StackStatus"].endswith(("_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED")):
        _rest(world, who, wanted.name, progress)
    drift = bool(change.facts.get("drift"))
    return _changed(world, who, wanted, template, drift, progress)


def _changed(
    world: World,
    who: Identity,
    wanted: Stack,
    template: Mapping[str, Any],
    revert_drift: bool,
    progress: Progress,
    *,
    unseen: bool = False,
) -> dict[str, Any]:
    proposal = Proposal(wanted.name, template, _tags(world, wanted), revert_drift=revert_drift)
    proposed = propose(world.connection, who, proposal)
    if proposed is not None:
        if unseen:
            _hold_state(world, who, template, proposed)
        return execute(world.connection, who, proposed, progress)
    there = describe_stack(world.connection, who, wanted.name)
    if there is None:
        raise ChangeFailed(f"stack {wanted.name} was deleted meanwhile; apply again")
    return there


def _hold_state(
    world: World, who: Identity, template: Mapping[str, Any], proposed: Proposed
) -> None:
    """Refuse to lose state in a stack that the plan could not see, so that nobody accepted it."""
    state = retained(template)
    lost = [
        preview.logical_id
        for preview in read_previews(world.connection, who, proposed)
        if (preview.logical_id in state or preview.action == "Remove")
        and (preview.action == "Remove" or preview.replacement in ("True", "Conditional"))
    ]
    if lost:
        discard(world.connection, who, proposed)
        raise ChangeFailed(
            f"the stack stands, and this would replace or delete {', '.join(sorted(lost))}; "
            "plan again to see it"
        )


def _rest(world: World, who: Identity, name: str, progress: Progress) -> None:
    """Wait for somebody else's operation; how it ends is not ours to judge."""
    try:
        await_stack(world.connection, who, name, progress)
    except ChangeFailed as failed:
        if "ROLLBACK_COMPLETE" not in str(failed):
            raise


def _may_stand(world: World, wanted: Stack) -> bool:
    """A stack may be there although it was not seen: its account could not be read, or a former
    creation failed."""
    contents = world.observed.contents.get(wanted.account)
    if contents is None:
        return wanted.account in world.observed.accounts
    return wanted.name in contents.stacks


def entered(world: World, account: str) -> Identity:
    """Return who acts in an account of the file; raises ChangeFailed."""
    try:
        return world.entrances.member(world.id("account", account))
    except NoEntry as error:
        raise ChangeFailed(str(error)) from error


def _protect(world: World, who: Identity, name: str, protected: bool) -> None:
    world.connection.call(
        who,
        SERVICE,
        "UpdateTerminationProtection",
        StackName=name,
        EnableTerminationProtection=protected,
    )


def _tags(world: World, wanted: Stack) -> dict[str, str]:
    return {**wanted.tags, PLATFORM_TAG: world.platform}
