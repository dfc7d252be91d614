"""Buckets in stacks: what is right passes as an administrator of the account, with every setting
named in so many words. AWS tells a guardrail none of the values: what is wrong there is found."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from guarded_world import RIGHT_BUCKET, World, for_everybody, policy

from landrail.cli import main

ACCOUNT = "retail-uat"
_LONGEST = 120


def deployed(cloudformation: Any, **properties: Any) -> str:
    """Make a stack of a bucket; return how that ended."""
    name = f"bucket-{uuid.uuid4().hex[:8]}"
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    begun = time.monotonic()
    while time.monotonic() - begun < _LONGEST:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            break
        time.sleep(0.1)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return " ".join(e.get("ResourceStatusReason", "") for e in events)
    return "done"


def test_a_right_bucket_is_deployed(world: World) -> None:
    cloudformation = world.administrator(ACCOUNT).client("cloudformation")
    assert deployed(cloudformation, **RIGHT_BUCKET) == "done"
    assert deployed(cloudformation) == "done"


WRONG = {
    "PublicAccessBlockConfiguration": dict.fromkeys(
        RIGHT_BUCKET["PublicAccessBlockConfiguration"], False
    ),
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
    "VersioningConfiguration": {"Status": "Suspended"},
}


def test_a_wrong_bucket_is_found_and_open_to_nobody(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    administrator = world.administrator(ACCOUNT)
    bucket = f"stacked-{uuid.uuid4().hex[:10]}"
    assert deployed(administrator.client("cloudformation"), **WRONG, BucketName=bucket) == "done"
    refused = administrator.refusal(
        "s3.put_bucket_policy", {"Bucket": bucket, "Policy": policy(for_everybody(bucket))}
    )
    assert "block public access" in refused
    main(["audit", "-f", str(world.platform.file), "--json", "--account", ACCOUNT])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {one["rule"] for one in found if one["resource_id"] == bucket} == {
        "s3-bucket-level-public-access-prohibited",
        "s3-bucket-owner-enforced",
        "s3-bucket-versioning-enabled",
        "s3-default-encryption-kms",
        "s3-bucket-ssl-requests-only",
    }
