"""Config's records in the place of AWS: the same tables and rules, nothing taken for empty."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from made import PRODUCTION, REGION, UAT, check

from landrail.aws.collecting import Listener, Place, Unread
from landrail.diagnostics import Mistakes
from landrail.inventory import Realm, Row, Table
from landrail.inventory.catalogue import tables
from landrail.inventory.recorded import records
from landrail.operations.audit.judging import judge
from landrail.operations.audit.recorded import Source, from_folder, replay
from landrail.operations.audit.storing import Rows

REALM = Realm("o-1", frozenset({UAT, PRODUCTION}))
PUBLIC = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}],
}


def bucket(name: str = "bucket", account: str = UAT, **settings: Any) -> dict[str, Any]:
    """A bucket's item as Config writes it into a snapshot: private, versioned, encrypted."""
    acl = {"grantList": [{"grantee": {"id": "me"}, "permission": "FullControl"}]}
    by_default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "alias/k"}
    supplementary = {
        "AccessControlList": json.dumps({**acl, "owner": {"id": "me"}}),
        "BucketPolicy": {"policyText": None},
        "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": None},
        "ServerSideEncryptionConfiguration": {
            "rules": [{"applyServerSideEncryptionByDefault": by_default}]
        },
    }
    return {
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": "2026-11-01T00:00:00.000Z",
        "configurationItemStatus": "OK",
        "awsAccountId": account,
        "awsRegion": REGION,
        "resourceType": "AWS::S3::Bucket",
        "resourceId": name,
        "resourceName": name,
        "ARN": f"arn:aws:s3:::{name}",
        "tags": {"owner": "ana"},
        "configuration": {"name": name, "owner": {"id": "me"}},
        "supplementaryConfiguration": {**supplementary, **settings},
    }


def item(kind: str, name: str, **configuration: Any) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:{REGION}:{UAT}:{kind.lower()}/{name}"
    return {
        **bucket(name),
        "resourceType": f"AWS::SageMaker::{kind}",
        "resourceId": arn,
        "ARN": arn,
        "configuration": json.dumps(configuration),
        "supplementaryConfiguration": {},
    }


def snapshot(folder: Path, *items: dict[str, Any], name: str = "a.json.gz") -> Path:
    folder.mkdir(exist_ok=True)
    text = json.dumps({"fileVersion": "1.0", "configurationItems": items}).encode()
    (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return folder


class Heard:
    """What a replay told."""

    def __init__(self, items: Source, *names: str) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.unread: list[Unread] = []
        listener = Listener(self._rows, self.unread.append, lambda _place, _name: None)
        places = [Place(UAT, REGION), Place(PRODUCTION, REGION)]
        replay(items, REALM, places, {tables()[name]: None for name in names}, listener)

    def _rows(self, table: Table, rows: Sequence[Row]) -> None:
        self.rows.setdefault(table.name, []).extend(rows)


WANTED = frozenset(
    {
        *("versioning", "encryption", "kms_key", "tags", "acl_public_read", "policy_public_read"),
        *("ignores_public_acls", "restricts_public_policy", "mfa_delete", "log_bucket"),
    }
)


def read(folder: Path, name: str = "bucket") -> Row:
    """The row of a bucket, with the columns that rules ask for."""
    found: list[Row] = []
    listener = Listener(lambda _t, rows: found.extend(rows), _fail, lambda _p, _n: None)
    table = {tables()["s3_buckets"]: WANTED}
    replay(from_folder(folder), REALM, [Place(UAT, REGION)], table, listener)
    return next(row for row in found if row["resource_id"] == name)


def _fail(unread: Unread) -> None:
    raise AssertionError(unread)


def test_a_private_bucket_reads_as_private(tmp_path: Path) -> None:
    row = read(snapshot(tmp_path / "s", bucket()))
    assert row["versioning"] == "Enabled"
    assert (row["encryption"], row["kms_key"]) == ("aws:kms", "alias/k")
    assert row["tags"] == {"owner": "ana"}
    assert not row["acl_public_read"]
    assert not row["policy_public_read"]


@pytest.mark.parametrize(
    ("settings", "column", "value"),
    [
        ({"BucketVersioningConfiguration": {"status": "Off"}}, "versioning", None),
        ({"BucketVersioningConfiguration": {"status": "Suspended"}}, "versioning", "Suspended"),
        ({"ServerSideEncryptionConfiguration": None}, "encryption", None),
        ({"BucketPolicy": {"policyText": json.dumps(PUBLIC)}}, "policy_public_read", True),
        (
            {"AccessControlList": {"grantList": [{"grantee": "AllUsers", "permission": "Read"}]}},
            "acl_public_read",
            True,
        ),
        (
            {"PublicAccessBlockConfiguration": json.dumps({"ignorePublicAcls": True})},
            "ignores_public_acls",
            True,
        ),
        (
            {"BucketLoggingConfiguration": {"destinationBucketName": "logs"}},
            "log_bucket",
            "logs",
        ),
    ],
)
def test_settings_are_read(
    tmp_path: Path, settings: dict[str, Any], column: str, value: object
) -> None:
    assert read(snapshot(tmp_path / "s", bucket(**settings)))[column] == value


def test_the_block_of_the_account_counts(tmp_path: Path) -> None:
    block = {
        **bucket(UAT),
        "resourceType": "AWS::S3::AccountPublicAccessBlock",
        "configuration": {"restrictPublicBuckets": True},
    }
    assert read(snapshot(tmp_path / "s", bucket(), block))["restricts_public_policy"]


def test_the_rules_find_what_was_recorded(tmp_path: Path) -> None:
    bad = bucket("bad", BucketVersioningConfiguration={"status": "Off"})
    row = read(snapshot(tmp_path / "s", bucket("good"), bad), "bad")
    writer = Rows(tmp_path)
    table = tables()["s3_buckets"]
    writer.add(table.name, table.every_column, [row, read(tmp_path / "s", "good")])
    writer.seal()
    assert [found[4] for found in judge(tmp_path, [check()], [UAT])] == ["bad"]


def test_notebooks_and_models_are_read(tmp_path: Path) -> None:
    items = from_folder(
        snapshot(
            tmp_path / "s",
            item("NotebookInstance", "n", DirectInternetAccess="Disabled", RootAccess="Enabled"),
            item("Model", "m", ModelName="m", EnableNetworkIsolation=True),
        )
    )
    heard = Heard(items, "sagemaker_notebook_instances", "sagemaker_models")
    [notebook] = heard.rows["sagemaker_notebook_instances"]
    assert (notebook["direct_internet"], notebook["root_access"]) == (False, True)
    assert notebook["tags"] == {"owner": "ana"}
    [model] = heard.rows["sagemaker_models"]
    assert model["network_isolation"] is True
    assert model["in_vpc"] is False


def ec2(kind: str, name: str, **configuration: Any) -> dict[str, Any]:
    given = item(kind, name, **configuration)
    return {**given, "resourceType": f"AWS::EC2::{kind}", "resourceId": name}


def test_networks_and_volumes_are_read(tmp_path: Path) -> None:
    rule = {
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "ipRanges": ["0.0.0.0/0"],
        "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}],
        "ipv6Ranges": [],
        "userIdGroupPairs": [],
    }
    named = {"groupId": "sg-1", "groupName": "web", "vpcId": "vpc-1", "ownerId": UAT}
    folder = snapshot(
        tmp_path / "s",
        ec2("SecurityGroup", "sg-1", **named, ipPermissions=[rule], ipPermissionsEgress=[]),
        ec2("Subnet", "subnet-1", subnetId="subnet-1", vpcId="vpc-1", mapPublicIpOnLaunch=True),
        ec2("Volume", "vol-1", volumeId="vol-1", encrypted=False, state="in-use", attachments=[{}]),
    )
    heard = Heard(from_folder(folder), "ec2_security_groups", "ec2_subnets", "ec2_volumes")
    assert [one.table for one in heard.unread] == ["*"]
    [group] = heard.rows["ec2_security_groups"]
    assert (group["open_to_world"], group["open_tcp"]) == (True, ",00022,")
    assert heard.rows["ec2_subnets"][0]["assigns_public_ip"] is True
    assert heard.rows["ec2_volumes"][0]["encrypted"] is False


def test_the_latest_item_counts_and_the_deleted_are_gone(tmp_path: Path) -> None:
    old = bucket(BucketVersioningConfiguration={"status": "Off"})
    new = {**bucket(), "configurationItemCaptureTime": "2026-11-02T00:00:00.000Z"}
    gone = {**bucket("gone"), "configurationItemStatus": "ResourceDeleted"}
    folder = snapshot(tmp_path / "s", new, gone)
    snapshot(folder, old, name="b.json")
    assert [one.name for one in from_folder(folder).items] == ["bucket"]
    assert read(folder)["versioning"] == "Enabled"


def test_what_is_not_recorded_is_named(tmp_path: Path) -> None:
    items = from_folder(snapshot(tmp_path / "s", bucket()))
    heard = Heard(items, "emr_clusters", "kms_keys")
    reasons = {(one.account_id, one.table): one.reason for one in heard.unread}
    assert "not read from Config's records" in reasons[UAT, "emr_clusters"]
    assert "nothing of its type is recorded there" in reasons[UAT, "kms_keys"]
    assert reasons[PRODUCTION, "*"] == "Config recorded nothing of it"


def test_settings_that_are_not_understood_are_not_guessed(tmp_path: Path) -> None:
    told = {"rules": {"r": {"status": "Enabled"}}}
    given = bucket(BucketReplicationConfiguration=told)
    heard = Heard(from_folder(snapshot(tmp_path / "s", given)), "s3_buckets")
    [unread] = [one for one in heard.unread if one.account_id == UAT]
    assert unread.columns == ("replication", "replication_types")
    [row] = heard.rows["s3_buckets"]
    assert (row["replication"], row["versioning"]) == (None, "Enabled")
    plain = Heard(from_folder(snapshot(tmp_path / "t", bucket())), "s3_buckets")
    assert [one.account_id for one in plain.unread] == [PRODUCTION]


@pytest.mark.parametrize("text", ['{"configurationItems": [{"a": 1}]}', "{", '{"other": []}', "[]"])
def test_a_folder_without_snapshots_is_a_mistake(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(Mistakes):
        from_folder(tmp_path)


def test_every_record_is_of_a_table_there_is() -> None:
    for name, record in records().items():
        table = tables()[name]
        assert {table.resource_type, *table.also} & {*record.types} or record.together
        assert {column.name for column in table.every_column} >= record.never
