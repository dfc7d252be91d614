"""Each edit made behind Landrail's back is named by plan, alone, and mended by apply."""

import json

import pytest
from acme_platform import BUCKET

from landrail.operations.apply import apply_plan


def test_the_second_plan_names_nothing_and_the_second_apply_changes_nothing(platform):
    assert platform.named() == {}
    result = platform.apply()
    assert result.ok
    assert (result.done, result.mutating) == ((), 0)


def test_the_operator_does_it_and_the_first_doors_are_shut(platform):
    prepared = platform.prepare()
    assert prepared.target.entrances.management().name == "operator"
    doors = {n: c.open_door for n, c in prepared.observed.contents.items() if n != "management"}
    assert set(doors.values()) == {False}


def detach(platform, ids):
    attachment = next(
        r for r in platform.wanted.resources if getattr(r, "target", "") == "ou/Workloads/UAT"
    )
    platform.call(
        "organization",
        "organizations",
        "DetachPolicy",
        PolicyId=ids["policy", attachment.policy],
        TargetId=ids["ou", "Workloads/UAT"],
    )
    return {str(attachment.address): "create"}


def move(platform, ids):
    platform.call(
        "organization",
        "organizations",
        "MoveAccount",
        AccountId=ids["account", "retail-uat"],
        SourceParentId=ids["ou", "Workloads/UAT"],
        DestinationParentId=ids["ou", "Workloads"],
    )
    return {"organization/account/retail-uat": "update"}


def rename(platform, ids):
    platform.call(
        "organization",
        "organizations",
        "UpdateOrganizationalUnit",
        OrganizationalUnitId=ids["ou", "Workloads/UAT"],
        Name="Tests",
    )
    return {"organization/ou/Workloads/UAT": "update"}


def edit_policy(platform, ids):
    name = next(r.policy for r in platform.wanted.resources if getattr(r, "target", "") == "root")
    statement = {"Sid": "Weak", "Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
    platform.call(
        "organization",
        "organizations",
        "UpdatePolicy",
        PolicyId=ids["policy", name],
        Content=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return {f"organization/policy/{name}": "update"}


def edit_trust(platform, ids):
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ids['account', 'retail-uat']}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    platform.call(
        "retail-production",
        "iam",
        "UpdateAssumeRolePolicy",
        RoleName="break-glass",
        PolicyDocument=json.dumps(trust),
    )
    return {"retail-production/landrail-baseline": "update"}


def suspend_versioning(platform, ids):
    platform.call(
        "retail-uat",
        "s3",
        "PutBucketVersioning",
        Bucket=BUCKET,
        VersioningConfiguration={"Status": "Suspended"},
    )
    return {"retail-uat/stage": "update"}


def delete_stack(platform, ids):
    platform.call(
        "retail-uat",
        "cloudformation",
        "UpdateTerminationProtection",
        StackName="stage",
        EnableTerminationProtection=False,
    )
    platform.call("retail-uat", "cloudformation", "DeleteStack", StackName="stage")
    return {"retail-uat/stage": "create"}


def open_public_access(platform, ids):
    platform.call(
        "retail-uat",
        "s3control",
        "PutPublicAccessBlock",
        AccountId=ids["account", "retail-uat"],
        PublicAccessBlockConfiguration={"BlockPublicAcls": True},
    )
    return {"retail-uat/defaults/account": "update"}


@pytest.mark.parametrize(
    "edit",
    [
        detach,
        move,
        rename,
        edit_policy,
        edit_trust,
        suspend_versioning,
        delete_stack,
        open_public_access,
    ],
)
def test_an_edit_is_named_alone_and_mended(platform, edit):
    """What an edit leaves behind would be named by the plan of the next, or of the last test."""
    expected = edit(platform, platform.ids())
    prepared = platform.prepare()
    assert platform.named(prepared) == expected
    result = apply_plan(prepared)
    assert result.ok, (result.failed, result.skipped)
    assert {str(address) for address in result.done} == set(expected)


def test_nothing_is_left_to_mend(platform):
    assert platform.named() == {}
