"""What an audit reads outlives a kill and a stop: by the journal, and by its snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from botocore.config import Config

CONSOLE = '{"ec2_attributes": {"serial_console_access": {"status": {"@@assign": "disabled"}}}}'
ANALYZER = {"analyzerName": "kept", "type": "ACCOUNT"}


def test_settings_outlive_a_kill_and_a_stop(launch: Any, tmp_path: Path) -> None:
    running = launch(tmp_path / "state", "--port", "0")
    account = running.local.account("kept")
    made = made_in(running.local, account)
    told = told_in(running.local, account, made)
    for end in ("kill", "stop"):
        getattr(running, end)()
        running = launch(tmp_path / "state", "--port", "0")
        assert told_in(running.local, account, made) == told


def clients(local: Any, account: str) -> Any:
    session = local.administrator(account)
    return lambda service: local.client(service, session)


def control(local: Any, account: str) -> Any:
    return local.administrator(account).client(
        "s3control",
        endpoint_url="http://s3-control.eu-west-1.amazonaws.com",
        config=Config(proxies={"http": local.endpoint}, retries={"max_attempts": 0}),
    )


def made_in(local: Any, account: str) -> dict[str, str]:
    client = clients(local, account)
    bucket = f"kept-{account}"
    where = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    point = control(local, account).create_access_point(
        AccountId=account, Name="kept", Bucket=bucket
    )
    client("s3").put_object(Bucket=point["Alias"], Key="k", Body=b"x")
    key = client("kms").create_key()["KeyMetadata"]
    client("kms").enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=200)
    client("logs").create_log_group(logGroupName="/kept")
    client("logs").associate_kms_key(logGroupName="/kept", kmsKeyId=key["Arn"])
    client("accessanalyzer").create_analyzer(**ANALYZER)
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    organizations = local.client("organizations")
    root, kind = organizations.list_roots()["Roots"][0]["Id"], "DECLARATIVE_POLICY_EC2"
    organizations.enable_policy_type(RootId=root, PolicyType=kind)
    policy = organizations.create_policy(Name="c", Description="", Type=kind, Content=CONSOLE)
    policy_id = policy["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy_id, TargetId=account)
    return {"alias": point["Alias"], "key": key["KeyId"], "vpc": vpc, "policy": policy_id}


def told_in(local: Any, account: str, made: dict[str, str]) -> list[Any]:
    client = clients(local, account)
    ec2, in_vpc = client("ec2"), [{"Name": "vpc-id", "Values": [made["vpc"]]}]
    (group,) = ec2.describe_security_groups(Filters=in_vpc)["SecurityGroups"]
    rules = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}]
    )["SecurityGroupRules"]
    rotation = client("kms").get_key_rotation_status(KeyId=made["key"])
    point = control(local, account).get_access_point(AccountId=account, Name="kept")
    return [
        client("s3").get_object(Bucket=made["alias"], Key="k")["Body"].read(),
        point["Alias"],
        point["CreationDate"],
        client("s3").get_public_access_block(Bucket=f"kept-{account}")[
            "PublicAccessBlockConfiguration"
        ],
        (rotation["RotationPeriodInDays"], rotation["NextRotationDate"]),
        client("logs").describe_log_groups()["logGroups"][0]["kmsKeyId"],
        client("accessanalyzer").get_analyzer(analyzerName="kept")["analyzer"],
        group,
        sorted(rule["SecurityGroupRuleId"] for rule in rules),
        ec2.get_serial_console_access_status()["ManagedBy"],
        local.client("organizations").describe_policy(PolicyId=made["policy"])["Policy"],
    ]
