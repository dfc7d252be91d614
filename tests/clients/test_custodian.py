"""Cloud Custodian, from an environment of its own, reads a member account as an auditor would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.clients_world import Person, World, program

pytestmark = pytest.mark.xdist_group("clients")

KINDS = (
    *("s3", "s3-access-point", "s3-storage-lens"),
    *("iam-role", "iam-policy", "iam-user", "iam-group", "iam-profile", "iam-access-key"),
    *("iam-oidc-provider", "iam-saml-provider", "iam-certificate"),
    *("kms", "kms-key"),
    *("sagemaker-app", "sagemaker-auto-ml-job", "sagemaker-cluster", "sagemaker-compilation-job"),
    *("sagemaker-data-quality-job-definition", "sagemaker-domain", "sagemaker-endpoint"),
    *("sagemaker-endpoint-config", "sagemaker-hyperparameter-tuning-job", "sagemaker-job"),
    *("sagemaker-model", "sagemaker-model-bias-job-definition", "sagemaker-notebook"),
    *("sagemaker-model-explainability-job-definition", "sagemaker-model-quality-job-definition"),
    *("sagemaker-processing-job", "sagemaker-space", "sagemaker-transform-job"),
    "sagemaker-user-profile",
)


@pytest.fixture(scope="module")
def custodian() -> str:
    return program("custodian")


@pytest.fixture(scope="module")
def account(world: World, admin: Person) -> dict[str, str]:
    """One of each in the member account: names that the policies below must find."""
    s3, kms, iam = admin.client("s3"), admin.client("kms"), admin.client("iam")
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="custodian-plain", CreateBucketConfiguration=place)
    s3.create_bucket(Bucket="custodian-kept", CreateBucketConfiguration=place)
    s3.put_bucket_versioning(Bucket="custodian-kept", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(
        Bucket="custodian-kept", Tagging={"TagSet": [{"Key": "owner", "Value": "ana"}]}
    )
    still = kms.create_key(Description="still")["KeyMetadata"]["KeyId"]
    turning = kms.create_key(Description="turning")["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=turning)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = iam.create_role(RoleName="custodian-job", AssumeRolePolicyDocument=json.dumps(trust))
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    iam.create_policy(PolicyName="custodian-all", PolicyDocument=json.dumps(everything))
    admin.client("sagemaker").create_domain(
        DomainName="custodian",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": role["Role"]["Arn"]},
        VpcId="vpc-0123456789abcdef0",
        SubnetIds=["subnet-0123456789abcdef0"],
    )
    return {"still": still, "turning": turning}


def _run(
    custodian: str, person: Person, folder: Path, policies: list[dict[str, Any]], ok: bool = True
) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """Run policies; return what each found, and what was said."""
    file = folder / "policies.yml"
    file.write_text(yaml.safe_dump({"policies": policies}))
    ended = person.start(
        *(custodian, "run", "--cache-period", "0", "-s", str(folder / "out"), str(file)), ok=False
    )
    assert not ok or ended.returncode == 0, ended.stderr[-4000:]
    found = {
        policy["name"]: json.loads(result.read_text())
        for policy in policies
        if (result := folder / "out" / policy["name"] / "resources.json").exists()
    }
    return found, ended.stderr


def test_every_kind_of_the_four_services_is_read(
    custodian: str, account: dict[str, str], reader: Person, tmp_path: Path
) -> None:
    policies = [{"name": kind, "resource": f"aws.{kind}"} for kind in KINDS]
    found, _ = _run(custodian, reader, tmp_path, policies)
    assert set(found) == set(KINDS)
    assert {"custodian-plain", "custodian-kept"} <= {b["Name"] for b in found["s3"]}
    assert {"reader", "custodian-job"} <= {r["RoleName"] for r in found["iam-role"]}
    assert set(account.values()) <= {k["KeyId"] for k in found["kms-key"]}
    assert [d["DomainName"] for d in found["sagemaker-domain"]] == ["custodian"]
    kept = next(b for b in found["s3"] if b["Name"] == "custodian-kept")
    assert kept["Versioning"]["Status"] == "Enabled"
    assert kept["Location"]["LocationConstraint"] == "eu-west-1"
    assert kept["Tags"] == [{"Key": "owner", "Value": "ana"}]


def test_filters_find_what_they_ask_for(
    custodian: str, account: dict[str, str], reader: Person, tmp_path: Path
) -> None:
    mine = {"type": "value", "key": "Name", "op": "glob", "value": "custodian-*"}
    policies: list[dict[str, Any]] = [
        {
            "name": "not-versioned",
            "resource": "aws.s3",
            "filters": [mine, {"type": "value", "key": "Versioning.Status", "value": "absent"}],
        },
        {
            "name": "encrypted-by-default",
            "resource": "aws.s3",
            "filters": [mine, {"type": "bucket-encryption", "state": True}],
        },
        {
            "name": "not-blocked",
            "resource": "aws.s3",
            "filters": [mine, {"type": "check-public-block", "BlockPublicAcls": False}],
        },
        {
            "name": "not-rotated",
            "resource": "aws.kms-key",
            "filters": [
                {"type": "key-rotation-status", "key": "KeyRotationEnabled", "value": False}
            ],
        },
        {"name": "all-powerful", "resource": "aws.iam-policy", "filters": ["has-allow-all"]},
        {
            "name": "unused-policies",
            "resource": "aws.iam-policy",
            "filters": [{"type": "unused"}],
        },
        {
            "name": "inline",
            "resource": "aws.iam-role",
            "filters": [{"type": "has-inline-policy", "value": False}, {"tag:owner": "absent"}],
        },
        {
            "name": "without-single-sign-on",
            "resource": "aws.sagemaker-domain",
            "filters": [{"AuthMode": "IAM"}],
        },
    ]
    found, _ = _run(custodian, reader, tmp_path, policies)
    assert [b["Name"] for b in found["not-versioned"]] == ["custodian-plain"]
    assert len(found["encrypted-by-default"]) == 2
    rotation = {key["KeyId"] for key in found["not-rotated"]}
    assert account["still"] in rotation
    assert account["turning"] not in rotation
    assert "custodian-all" in {p["PolicyName"] for p in found["all-powerful"]}
    assert "custodian-all" in {p["PolicyName"] for p in found["unused-policies"]}
    assert "custodian-job" in {r["RoleName"] for r in found["inline"]}
    assert [d["DomainName"] for d in found["without-single-sign-on"]] == ["custodian"]


def test_a_reader_cannot_act_and_an_administrator_can(
    custodian: str, account: dict[str, str], admin: Person, reader: Person, tmp_path: Path
) -> None:
    policy = {
        "name": "rotate",
        "resource": "aws.kms-key",
        "filters": [{"KeyId": account["still"]}],
        "actions": [{"type": "set-rotation", "state": True}],
    }
    kms = reader.client("kms")
    (tmp_path / "reader").mkdir()
    _, said = _run(custodian, reader, tmp_path / "reader", [policy], ok=False)
    assert "is not authorized to perform: kms:EnableKeyRotation" in said
    assert not kms.get_key_rotation_status(KeyId=account["still"])["KeyRotationEnabled"]
    (tmp_path / "admin").mkdir()
    _run(custodian, admin, tmp_path / "admin", [policy])
    assert kms.get_key_rotation_status(KeyId=account["still"])["KeyRotationEnabled"]
