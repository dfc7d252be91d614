"""What management policies come to in an account, and what they do there."""

from __future__ import annotations

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from refusals import refusal, refused

TAGS = "TAG_POLICY"


def tag(name, **settings):
    return {"tags": {name: settings}}


def test_policies_merge_from_the_root_down(local_aws, management):
    management.enable(TAGS)
    account = local_aws.account("merged")
    above = management.unit()
    below = management.unit(above)
    management.move(account, below)
    asked = {"PolicyType": TAGS, "TargetId": account}
    effective = management.client.describe_effective_policy
    assert refusal(effective, **asked) == "EffectivePolicyNotFoundException"
    key = {"@@assign": "CostCentre", "@@operators_allowed_for_child_policies": ["@@none"]}
    management.attach(TAGS, tag("costcentre", tag_key=key, tag_value={"@@assign": ["1"]}), above)
    changed = tag(
        "CostCentre", tag_key={"@@assign": "other"}, tag_value={"@@append": ["2"], "@@remove": "1"}
    )
    management.attach(TAGS, changed, below)
    management.attach(TAGS, tag("team", tag_key={"@@assign": "Team"}), account)
    assert management.effective(account, TAGS) == {
        "tags": {
            "costcentre": {"tag_key": "CostCentre", "tag_value": ["2"]},
            "team": {"tag_key": "Team"},
        }
    }
    own = local_aws.client("organizations", local_aws.administrator(account))
    told = own.describe_effective_policy(PolicyType=TAGS)["EffectivePolicy"]
    assert (told["TargetId"], told["PolicyType"]) == (account, TAGS)
    assert told["LastUpdatedTimestamp"] is not None


def test_only_management_policies_have_an_effect_that_is_told(management, local_aws):
    effective = management.client.describe_effective_policy
    account = local_aws.account("merged")
    asked = {"PolicyType": "SERVICE_CONTROL_POLICY", "TargetId": account}
    assert refusal(effective, **asked) == "InvalidInputException"
    nobody = refusal(effective, PolicyType=TAGS, TargetId="999999999999")
    assert nobody == "AccountNotFoundException"


def test_the_block_of_an_organization_is_told_as_the_accounts_own(local_aws, management):
    management.enable("S3_POLICY")
    account = local_aws.account("blocked-above")
    session = local_aws.administrator(account)
    control = session.client(
        "s3control",
        endpoint_url=f"http://s3-control.{session.region_name}.amazonaws.com",
        config=Config(proxies={"http": local_aws.endpoint}, retries={"max_attempts": 0}),
    )
    own = {"AccountId": account}
    none = "NoSuchPublicAccessBlockConfiguration"
    assert refusal(control.get_public_access_block, **own) == none
    content = {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}
    made = management.attach("S3_POLICY", content, account)
    told = control.get_public_access_block(**own)["PublicAccessBlockConfiguration"]
    assert len(told) == 4
    assert all(told.values())
    effective = {"s3_attributes": {"public_access_block_configuration": "all"}}
    assert management.effective(account, "S3_POLICY") == effective
    assert refusal(control.delete_public_access_block, **own) == "AccessDenied"
    management.client.detach_policy(PolicyId=made, TargetId=account)
    assert refusal(control.get_public_access_block, **own) == none


SETTINGS = {
    "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
    "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
    "serial_console_access": {"status": {"@@assign": "disabled"}},
    "instance_metadata_defaults": {
        "http_tokens": {"@@assign": "required"},
        "http_put_response_hop_limit": {"@@assign": "4"},
        "http_endpoint": {"@@assign": "enabled"},
        "instance_metadata_tags": {"@@assign": "no_preference"},
    },
    "vpc_block_public_access": {
        "internet_gateway_block": {
            "mode": {"@@assign": "block_ingress"},
            "exclusions_allowed": {"@@assign": "disabled"},
        }
    },
    "exception_message": {"@@assign": "Ask the platform team."},
}
CHANGES = (
    ("disable_image_block_public_access", {}),
    ("disable_snapshot_block_public_access", {}),
    ("enable_snapshot_block_public_access", {"State": "block-new-sharing"}),
    ("enable_serial_console_access", {}),
    ("modify_instance_metadata_defaults", {"HttpTokens": "optional"}),
    ("modify_vpc_block_public_access_options", {"InternetGatewayBlockMode": "off"}),
)


def test_what_is_declared_for_ec2_is_told_and_cannot_be_changed(local_aws, management):
    management.enable("DECLARATIVE_POLICY_EC2")
    account = local_aws.account("declared")
    ec2 = local_aws.client("ec2", local_aws.administrator(account))
    for name, params in CHANGES:
        getattr(ec2, name)(**params)
    unit = management.unit()
    management.move(account, unit)
    made = management.attach("DECLARATIVE_POLICY_EC2", {"ec2_attributes": SETTINGS}, unit)
    by = "declarative-policy"
    image = ec2.get_image_block_public_access_state()
    assert (image["ImageBlockPublicAccessState"], image["ManagedBy"]) == ("block-new-sharing", by)
    snapshot = ec2.get_snapshot_block_public_access_state()
    assert (snapshot["State"], snapshot["ManagedBy"]) == ("block-all-sharing", by)
    console = ec2.get_serial_console_access_status()
    assert (console["SerialConsoleAccessEnabled"], console["ManagedBy"]) == (False, by)
    level = ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert level == {
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 4,
        "HttpEndpoint": "enabled",
        "ManagedBy": by,
        "ManagedExceptionMessage": "Ask the platform team.",
    }
    gateways = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    told = [gateways[k] for k in ("InternetGatewayBlockMode", "ManagedBy", "ExclusionsAllowed")]
    assert told == ["block-ingress", by, "not-allowed"]
    for name, params in CHANGES:
        code, message = refused(getattr(ec2, name), **params)
        assert code == "DeclarativePolicyViolation", name
        assert "Ask the platform team." in message
    management.client.detach_policy(PolicyId=made, TargetId=unit)
    assert ec2.get_image_block_public_access_state()["ManagedBy"] == "account"
    for name, params in CHANGES:
        getattr(ec2, name)(**params)


def shared(ec2, **more):
    snapshot = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)["VolumeId"]
    made = ec2.create_snapshot(VolumeId=snapshot)["SnapshotId"]
    ec2.modify_snapshot_attribute(
        SnapshotId=made, Attribute="createVolumePermission", OperationType="add", **more
    )


def test_nobody_shares_with_everybody_what_is_blocked(local_aws):
    ec2 = local_aws.client("ec2", local_aws.administrator(local_aws.account("sharing")))
    shared(ec2, GroupNames=["all"])
    ec2.enable_snapshot_block_public_access(State="block-new-sharing")
    with pytest.raises(ClientError, match="block public access is enabled"):
        shared(ec2, GroupNames=["all"])
    shared(ec2, UserIds=["111122223333"])
