"""A stop and a start find everything again: ids, times, bodies, keys, credentials, the port."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

BIG = bytes(range(256)) * 8192

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "ec2.amazonaws.com"}}]}'
)


def _make(local: Any) -> dict[str, Any]:
    account = local.account("kept")
    session = local.administrator(account)
    s3, iam, kms = (local.client(name, session) for name in ("s3", "iam", "kms"))
    s3.create_bucket(
        Bucket="kept-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_bucket_versioning(Bucket="kept-bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="kept-bucket", Key="a", Body=b"one")
    s3.put_object(Bucket="kept-bucket", Key="a", Body=b"two")
    s3.put_object(Bucket="kept-bucket", Key="big", Body=BIG)
    role = iam.create_role(RoleName="kept", AssumeRolePolicyDocument=TRUST)["Role"]
    key = kms.create_key(Description="kept")["KeyMetadata"]["KeyId"]
    local.client("ssm", session).put_parameter(Name="/kept", Value="v", Type="String")
    ec2 = local.client("ec2", session)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    credentials = local.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole",
        RoleSessionName="kept",
    )["Credentials"]
    return {
        "role": (role["RoleId"], role["CreateDate"]),
        "key": key,
        "vpc": vpc,
        "credentials": credentials,
        "ciphertext": kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"],
    }


def _see(local: Any, made: dict[str, Any]) -> dict[str, Any]:
    session = local.session_of(made["credentials"])
    s3, iam, kms = (local.client(name, session) for name in ("s3", "iam", "kms"))
    versions = s3.list_object_versions(Bucket="kept-bucket")["Versions"]
    role = iam.get_role(RoleName="kept")["Role"]
    return {
        "versions": [(v["Key"], v["VersionId"], v["LastModified"], v["ETag"]) for v in versions],
        "a": s3.get_object(Bucket="kept-bucket", Key="a")["Body"].read(),
        "big": s3.get_object(Bucket="kept-bucket", Key="big")["Body"].read() == BIG,
        "role": (role["RoleId"], role["CreateDate"]),
        "plain": kms.decrypt(CiphertextBlob=made["ciphertext"])["Plaintext"],
        "key": kms.describe_key(KeyId=made["key"])["KeyMetadata"]["CreationDate"],
        "parameter": local.client("ssm", session).get_parameter(Name="/kept")["Parameter"],
        "vpcs": sorted(
            vpc["VpcId"] for vpc in local.client("ec2", session).describe_vpcs()["Vpcs"]
        ),
        "accounts": [
            (a["Id"], a["JoinedTimestamp"])
            for a in local.client("organizations").list_accounts()["Accounts"]
        ],
        "bus": local.client("events", session).describe_event_bus()["CreationTime"],
        "keys": local.client("iam").list_access_keys(UserName="bootstrap")["AccessKeyMetadata"],
        "endpoint": local.endpoint,
    }


def _bare(seen: dict[str, Any]) -> dict[str, Any]:
    seen["parameter"].pop("ResponseMetadata", None)
    return seen


def test_everything_is_found_again(tmp_path, launch):
    first = launch(tmp_path, "--port", "0")
    made = _make(first.local)
    before = _bare(_see(first.local, made))
    assert first.stop() == 0
    after = _bare(_see(launch(tmp_path).local, made))
    assert after == before
    assert made["vpc"] in after["vpcs"]
    assert after["plain"] == b"secret"
    assert after["a"] == b"two"
    assert after["big"]


def test_a_kill_loses_nothing_that_was_answered(tmp_path, launch):
    first = launch(tmp_path, "--port", "0")
    ssm = first.local.client("ssm")
    for number in range(30):
        ssm.put_parameter(Name=f"/n{number}", Value=str(number), Type="String")
    first.kill()
    ssm = launch(tmp_path).local.client("ssm")
    for number in range(30):
        assert ssm.get_parameter(Name=f"/n{number}")["Parameter"]["Value"] == str(number)


def test_two_servers_do_not_share_a_state_folder(tmp_path, launch, server_environment):
    launch(tmp_path, "--port", "0")
    second = subprocess.run(
        [sys.executable, "-m", "landrail.localaws", "--state", str(tmp_path)],
        env=server_environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 3
    assert b"another local AWS is running" in second.stderr
