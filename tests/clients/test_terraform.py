"""Terraform's AWS provider builds the baseline of a member account, finds nothing to do the second
time, notices what was changed behind its back, and takes everything down again.

It acts as an administrator of the account under a service control policy. The tests go on from one
another: they are the steps of one life.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.clients.clients_world import Person, World
from tests.clients.terraforming import Ended, Run, Terraform

pytestmark = pytest.mark.xdist_group("clients")

_KEY, _LOGS = "aws_kms_key.this", "aws_cloudwatch_log_group.this"
_VERSIONING = "aws_s3_bucket_versioning.logs"


@dataclass(frozen=True)
class Life:
    """The baseline after its first apply, and who may do what there."""

    terraform: Terraform
    applied: Ended
    admin: Person
    reader: Person
    account: str

    @property
    def bucket(self) -> str:
        """The name of the bucket for logs."""
        return f"baseline-logs-{self.account}"


@pytest.fixture(scope="module")
def life(world: World, applying: tuple[Terraform, Run] | str) -> Life:
    """What stands after the apply that began with the first test of this folder."""
    if isinstance(applying, str):
        pytest.skip(applying)
    terraform, run = applying
    return Life(
        terraform,
        run.end(),
        world.enter("baseline", "OrganizationAccountAccessRole"),
        world.enter("baseline", "reader"),
        world.accounts["baseline"],
    )


def test_the_baseline_is_applied(life: Life) -> None:
    assert life.applied.code == 0, life.applied.said
    assert life.terraform.run(life.admin, "show").said.count('resource "aws_') > 50
    s3 = life.admin.client("s3")
    assert s3.get_bucket_versioning(Bucket=life.bucket)["Status"] == "Enabled"
    assert s3.get_public_access_block(Bucket=life.bucket)["PublicAccessBlockConfiguration"]
    policy = life.admin.client("iam").get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] == 16
    block = life.admin.aws("s3control", "get-public-access-block", "--account-id", life.account)
    assert set(block["PublicAccessBlockConfiguration"].values()) == {True}


def test_it_was_made_by_the_administrator_under_the_guard(life: Life) -> None:
    trail = life.admin.client("cloudtrail")
    found = trail.lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateVpc"}]
    )["Events"]
    who = json.loads(found[0]["CloudTrailEvent"])["userIdentity"]["arn"]
    assert who.endswith(":assumed-role/OrganizationAccountAccessRole/client")


def test_the_second_plan_is_empty(life: Life) -> None:
    assert life.terraform.changes(life.admin) == {}


def test_what_was_changed_behind_its_back_is_seen(life: Life) -> None:
    kms, s3, logs = (life.admin.client(name) for name in ("kms", "s3", "logs"))
    key = kms.describe_key(KeyId="alias/baseline")["KeyMetadata"]["KeyId"]
    kms.disable_key_rotation(KeyId=key)
    s3.put_bucket_versioning(Bucket=life.bucket, VersioningConfiguration={"Status": "Suspended"})
    logs.delete_log_group(logGroupName="/baseline/audit")
    found = life.terraform.changes(life.admin)
    assert found.pop(_KEY) == ["update"]
    assert found.pop(_VERSIONING) == ["update"]
    assert found.pop(_LOGS) == ["create"]
    # What names the group's ARN is known after the apply only.
    assert set(found) <= {"aws_iam_role_policy.scientist"}
    again = life.terraform.run(life.admin, "apply", "saved")
    assert again.code == 0, again.said
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]


def test_a_reader_may_change_nothing_and_the_administrator_may(life: Life) -> None:
    words = ("apply", "-auto-approve", "-var", "contact=others@example.com")
    # Without a look at what there is: a reader may not read secrets, and that would be the denial.
    refused = life.terraform.run(life.reader, *words, "-refresh=false")
    assert refused.code == 1
    assert (
        f"AccessDeniedException: User: arn:aws:sts::{life.account}:assumed-role/reader/client is "
        "not authorized to perform: ssm:PutParameter on resource: "
        f"arn:aws:ssm:eu-west-1:{life.account}:parameter/baseline/contact because no "
        "identity-based policy allows the ssm:PutParameter action"
    ) in refused.said
    assert _contact(life) == "platform@example.com"
    allowed = life.terraform.run(life.admin, *words)
    assert allowed.code == 0, allowed.said
    assert _contact(life) == "others@example.com"


def _contact(life: Life) -> str:
    found = life.reader.client("ssm").get_parameter(Name="/baseline/contact")
    return str(found["Parameter"]["Value"])


def test_destroy_leaves_nothing(life: Life) -> None:
    gone = life.terraform.run(life.admin, "destroy", "-auto-approve")
    assert gone.code == 0, gone.said
    see = life.reader.client
    assert see("s3").list_buckets()["Buckets"] == []
    states = {
        kms["KeyState"]
        for key in see("kms").list_keys()["Keys"]
        for kms in [see("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]]
        if kms["KeyManager"] == "CUSTOMER"
    }
    assert states <= {"PendingDeletion"}
    roles = {role["RoleName"] for role in see("iam").list_roles()["Roles"]}
    assert roles == {"OrganizationAccountAccessRole", "reader"}
    assert see("iam").list_account_aliases()["AccountAliases"] == []
    assert see("iam").list_policies(Scope="Local")["Policies"] == []
    assert all(vpc["IsDefault"] for vpc in see("ec2").describe_vpcs()["Vpcs"])
    assert not see("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    for service, operation, answer in (
        ("logs", "describe_log_groups", "logGroups"),
        ("sns", "list_topics", "Topics"),
        ("ssm", "describe_parameters", "Parameters"),
        ("secretsmanager", "list_secrets", "SecretList"),
        ("ecr", "describe_repositories", "repositories"),
        ("codecommit", "list_repositories", "repositories"),
        ("cloudtrail", "describe_trails", "trailList"),
        ("config", "describe_configuration_recorders", "ConfigurationRecorders"),
        ("events", "list_rules", "Rules"),
        ("sagemaker", "list_model_package_groups", "ModelPackageGroupSummaryList"),
    ):
        assert getattr(see(service), operation)()[answer] == [], service
