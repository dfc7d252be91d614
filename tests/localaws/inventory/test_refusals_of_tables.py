"""What cannot be looked at is said, never passed over; and how many calls looking takes."""

from __future__ import annotations

import pytest
from inventory_place import Asking, policy, unique
from made_s3 import bucket

from landrail.inventory import Realm, Refused, Remembering
from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules
from landrail.rules.columns import wanted

_OF_BUCKETS = (
    "s3-bucket-public-read-prohibited",
    "s3-bucket-public-write-prohibited",
    "s3-bucket-versioning-enabled",
    "s3-default-encryption-kms",
    "s3-bucket-ssl-requests-only",
)


def test_a_reader_without_the_action_is_refused(place):
    table = tables()["kms_keys"]
    other = place.ask(tables()["s3_buckets"])
    with pytest.raises(Refused, match="AccessDenied"):
        list(table.rows(other))


def test_a_bucket_that_shuts_the_reader_out_does_not_hide_the_others(place):
    open_one, shut = bucket(place, unique("open")), bucket(place, unique("shut"))
    s3 = place.client("s3")
    denial = {
        "Effect": "Deny",
        "Principal": {"AWS": place.reader},
        "Action": "s3:GetBucketVersioning",
        "Resource": f"arn:aws:s3:::{shut}",
    }
    s3.put_bucket_policy(Bucket=shut, Policy=policy(denial))
    seen: list[str] = []
    rows = tables()["s3_buckets"].rows(place.ask(tables()["s3_buckets"]))
    with pytest.raises(Refused, match=shut):
        seen.extend(row["resource_id"] for row in rows)
    assert open_one in seen
    assert shut not in seen
    s3.delete_bucket_policy(Bucket=shut)


def test_buckets_take_few_calls(place):
    ours = Realm(place.organization, frozenset({place.account}))
    bucket(place, unique("counted"))
    ask = Remembering(Asking(place.account, place.client, ours))
    columns = wanted(rules()[name] for name in _OF_BUCKETS)["s3_buckets"]
    rows = list(tables()["s3_buckets"].rows(ask, columns=columns))
    of_account = ask.calls["s3:ListBuckets"] + ask.calls["s3control:GetPublicAccessBlock"]
    assert of_account == 2
    acls = ask.calls["s3:GetBucketAcl"]
    assert (sum(ask.calls.values()) - of_account - acls) / len(rows) <= 6


def test_one_resource_is_read_alone(place):
    name = bucket(place, unique("alone"))
    ask = place.ask(tables()["s3_buckets"])
    (row,) = tables()["s3_buckets"].rows(ask, name)
    assert row["resource_id"] == name
    assert "s3:ListBuckets" not in ask.calls
    assert list(tables()["s3_buckets"].rows(ask, unique("gone"))) == []
