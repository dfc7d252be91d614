"""What Config recorded tells the same rows as AWS itself: for each table that is read from records,
the columns that the items tell are those that are collected, and the others are named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from inventory_place import Place, unique
from made_account import trail
from made_code import MADE as OF_CODE
from made_data import MADE as OF_DATA
from made_ec2 import MADE as OF_EC2
from made_iam import MADE as OF_IAM
from made_s3 import MADE as OF_S3
from made_sagemaker import MADE as OF_SAGEMAKER

from landrail.inventory.catalogue import tables
from landrail.inventory.record import Item, item_of
from landrail.inventory.recorded import RECORDER, Read, read, records, unrecorded

MADE = (*OF_S3, *OF_SAGEMAKER, *OF_IAM, *OF_EC2, *OF_CODE, *OF_DATA)
COLUMNS = (
    "accountId, awsRegion, resourceType, resourceId, resourceName, arn, tags, "
    "resourceCreationTime, configuration, supplementaryConfiguration"
)
UNLIKE = ("configuration", "created")
"""Columns that are told in other words: what AWS describes, and when by the clock of Config."""
LIVE = sorted(
    {made.table for made in MADE if made.table in records()} | {"accounts", "cloudtrail_trails"}
)
"""Tables of which something can be made here; of others, AWS's answers are recorded in
`tests/inventory`."""
GROUP = {"allSupported": True, "includeGlobalResourceTypes": True}


@pytest.fixture(scope="module")
def world(recorded_place: Place) -> tuple[Place, list[Item]]:
    """An account with something good and bad of every table, and all that Config recorded."""
    place, done = recorded_place, set()
    for made in MADE:
        if made.table in records() and made.table not in done:
            done.add(made.table)
            made.wrong(place, unique("bad"))
            made.right(place, unique("good"))
    trail(place)
    config = place.client("config")
    recorder = {"name": "default", "roleARN": place.worker, "recordingGroup": GROUP}
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    place.client("s3").create_bucket(
        Bucket=f"items-{place.account}",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    channel = {"name": "default", "s3BucketName": f"items-{place.account}"}
    config.put_delivery_channel(DeliveryChannel=channel)
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    return place, list(_items(config))


def _items(config: Any) -> Iterator[Item]:
    named = (one for record in records().values() for one in (*record.types, *record.beside))
    for kind in sorted({*named, RECORDER}):
        asked: dict[str, Any] = {
            "Expression": f"SELECT {COLUMNS} WHERE resourceType = '{kind}'",
        }
        while True:
            told = config.select_resource_config(**asked)
            for text in told["Results"]:
                yield item_of({"resourceType": kind, **json.loads(text)})
            if "NextToken" not in told:
                break
            asked["NextToken"] = told["NextToken"]


@pytest.mark.parametrize("name", LIVE)
def test_rows_of_records_are_the_rows_of_aws(world: tuple[Place, list[Item]], name: str) -> None:
    place, items = world
    table, record = tables()[name], records()[name]
    where = (place.account, place.ask(table).region)
    live = {row["resource_id"]: row for row in place.rows(name)}
    found = {one.resource_id: one for one in read(table, record, where, _realm(place), items)}
    assert found.keys() == live.keys()
    assert live, "nothing of it was made"
    for resource, one in found.items():
        assert one.row is not None, one.refused
        assert _told(one.row, one) == _told(live[resource], one), one.unknown


def _realm(place: Place) -> Any:
    place.ask(tables()["s3_buckets"])
    return place.readers["s3_buckets"].realm


def _told(row: Mapping[str, Any], one: Read) -> dict[str, Any]:
    return {
        name: str(given) if isinstance(given, datetime) else given
        for name, given in row.items()
        if name not in UNLIKE and name not in one.unknown
    }


def test_what_is_unknown_is_what_the_records_say(world: tuple[Place, list[Item]]) -> None:
    place, items = world
    for name in LIVE:
        record, where = records()[name], (place.account, "eu-west-1")
        rows = list(read(tables()[name], record, where, _realm(place), items))
        unknown = frozenset.intersection(*(one.unknown for one in rows))
        possible = {column for columns in record.only_where.values() for column in columns}
        assert unknown <= {*record.never, *possible}, name


def test_the_recorder_says_what_is_recorded(world: tuple[Place, list[Item]]) -> None:
    place, items = world
    assert unrecorded(("AWS::Glue::Crawler",), place.account, "eu-west-1", items) == ""
    others = [item for item in items if item.resource_type != RECORDER]
    assert unrecorded(("AWS::Glue::Crawler",), place.account, "eu-west-1", others)
    assert unrecorded(("AWS::S3::Bucket",), place.account, "eu-west-1", others) == ""
