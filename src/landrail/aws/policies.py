"""Organization policies and where they are attached: read, made, changed, taken away."""

from __future__ import annotations

import json
from collections.abc import Iterable

from botocore.exceptions import ClientError

from landrail.aws.errors import code
from landrail.aws.sessions import Connection, Identity
from landrail.aws.units import as_tags, tag, tags_of
from landrail.aws.world import World
from landrail.plan.marks import PLATFORM_TAG
from landrail.plan.observed import ObservedAttachment, ObservedPolicy
from landrail.plan.values import Action, Change
from landrail.resources import Address, Attachment, Policy

_SERVICE = "organizations"


def observe_policies(
    connection: Connection, who: Identity, types: Iterable[str], platform: str
) -> dict[str, ObservedPolicy]:
    """Read every policy of some types, by name; AWS's own without their documents."""
    found: dict[str, ObservedPolicy] = {}
    for policy_type in types:
        listed = connection.listed(who, _SERVICE, "ListPolicies", "Policies", Filter=policy_type)
        for summary in listed:
            found[summary["Name"]] = _read(connection, who, summary, platform)
    return found


def observe_attachments(
    connection: Connection,
    who: Identity,
    policies: dict[str, ObservedPolicy],
    targets: dict[str, str],
) -> frozenset[ObservedAttachment]:
    """Read where each policy is attached; `targets` maps an id to `root`, `ou/..`, `account/..`."""
    found = set()
    for policy in policies.values():
        if policy.aws_managed:
            continue
        listed = connection.listed(
            who, _SERVICE, "ListTargetsForPolicy", "Targets", PolicyId=policy.policy_id
        )
        for target in listed:
            if target["TargetId"] in targets:
                found.add(ObservedAttachment(policy.name, targets[target["TargetId"]]))
    return frozenset(found)


def change_policy(world: World, wanted: Policy, change: Change) -> None:
    """Create a policy, or write its document and description again."""
    connection, who = world.connection, world.entrances.management()
    content = json.dumps(world.resolved(wanted.document), separators=(",", ":"))
    tags = {PLATFORM_TAG: world.platform}
    if change.action is Action.CREATE:
        made = connection.call(
            who,
            _SERVICE,
            "CreatePolicy",
            Content=content,
            Description=wanted.description,
            Name=wanted.name,
            Type=wanted.type,
            Tags=as_tags(tags),
        )["Policy"]["PolicySummary"]
        world.set_id("policy", wanted.name, made["Id"])
        return
    policy_id = world.id("policy", wanted.name)
    connection.call(
        who,
        _SERVICE,
        "UpdatePolicy",
        PolicyId=policy_id,
        Content=content,
        Description=wanted.description,
    )
    if change.action is Action.ADOPT:
        tag(connection, who, policy_id, tags)


def remove_policy(world: World, address: Address) -> None:
    """Delete a policy that is attached nowhere."""
    who = world.entrances.management()
    policy_id = world.id("policy", address.name)
    world.connection.call(who, _SERVICE, "DeletePolicy", PolicyId=policy_id)


def change_attachment(world: World, wanted: Attachment, _change: Change) -> None:
    """Attach a policy to its target."""
    try:
        world.connection.call(
            world.entrances.management(),
            _SERVICE,
            "AttachPolicy",
            PolicyId=world.id("policy", wanted.policy),
            TargetId=world.target_id(wanted.target),
        )
    except ClientError as error:
        if code(error) != "DuplicatePolicyAttachmentException":
            raise


def remove_attachment(world: World, address: Address) -> None:
    """Detach a policy from a target."""
    policy, _, target = address.name.partition(" -> ")
    try:
        world.connection.call(
            world.entrances.management(),
            _SERVICE,
            "DetachPolicy",
            PolicyId=world.id("policy", policy),
            TargetId=world.target_id(target),
        )
    except ClientError as error:
        if code(error) != "PolicyNotAttachedException":
            raise


def _read(
    connection: Connection, who: Identity, summary: dict[str, object], platform: str
) -> ObservedPolicy:
    policy_id, managed = str(summary["Id"]), bool(summary["AwsManaged"])
    content = "{}"
    ours = False
    if not managed:
        described = connection.call(who, _SERVICE, "DescribePolicy", PolicyId=policy_id)
        content = described["Policy"]["Content"]
        ours = tags_of(connection, who, policy_id).get(PLATFORM_TAG) == platform
    return ObservedPolicy(
        policy_id=policy_id,
        name=str(summary["Name"]),
        type=str(summary["Type"]),
        description=str(summary.get("Description", "")),
        document=json.loads(content),
        ours=ours,
        aws_managed=managed,
    )
