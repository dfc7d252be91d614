"""Log files in buckets: what is delivered, to where, of whom, and what keeps it from being so."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from trail_reading import REGION, bucket_policy, keys, make_bucket, records, until

_NAME = re.compile(
    r"AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/\d{4}/\d{2}/\d{2}/"
    r"\1_CloudTrail_\2_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz"
)


@dataclass
class Logging:
    """A trail in an account of its own, and its bucket."""

    local: Any
    account: str
    session: Any
    name: str
    bucket: str

    @property
    def arn(self) -> str:
        return f"arn:aws:cloudtrail:{REGION}:{self.account}:trail/{self.name}"

    def client(self, service: str) -> Any:
        return self.local.client(service, self.session)

    def stop(self) -> None:
        """Stop it and wait until all is delivered."""
        cloudtrail = self.client("cloudtrail")
        cloudtrail.stop_logging(Name=self.name)
        s3 = self.client("s3")
        assert until(lambda: "StopLogging" in [r["eventName"] for r in records(s3, self.bucket)])


@pytest.fixture
def logging(local_aws: Any, unique: Callable[[str], str]) -> Callable[..., Logging]:
    def make(policy: bool = True, start: bool = True, **settings: Any) -> Logging:
        account = local_aws.account(unique("logging")[:20])
        made = Logging(
            local_aws, account, local_aws.administrator(account), unique("trail"), unique("logs")
        )
        s3 = made.client("s3")
        make_bucket(s3, made.bucket, bucket_policy(made.bucket, made.arn) if policy else None)
        made.client("cloudtrail").create_trail(Name=made.name, S3BucketName=made.bucket, **settings)
        if start:
            made.client("cloudtrail").start_logging(Name=made.name)
        return made

    return make


def test_management_events_reach_the_bucket_once(logging: Callable[..., Logging]) -> None:
    trail = logging()
    topics = trail.client("sns")
    made = [topics.create_topic(Name=f"topic-{n}")["TopicArn"] for n in range(3)]
    with pytest.raises(ClientError):
        topics.get_topic_attributes(TopicArn=made[0].replace("topic-0", "none"))
    trail.stop()
    topics.create_topic(Name="after")
    s3 = trail.client("s3")
    assert all(_NAME.fullmatch(key) for key in keys(s3, trail.bucket))
    found = list(records(s3, trail.bucket))
    names = [r["requestParameters"]["name"] for r in found if r["eventName"] == "CreateTopic"]
    assert names == ["topic-0", "topic-1", "topic-2"]
    assert len({r["eventID"] for r in found}) == len(found)
    assert {r["recipientAccountId"] for r in found} == {trail.account}
    one = next(r for r in found if r["eventName"] == "CreateTopic")
    assert one["userIdentity"]["type"] == "AssumedRole"
    issuer = one["userIdentity"]["sessionContext"]["sessionIssuer"]
    assert issuer["userName"] == "OrganizationAccountAccessRole"
    assert one["managementEvent"] is True
    assert one["responseElements"] == {"topicArn": made[0]}
    assert "landrail" not in one
    missing = next(r for r in found if r["eventName"] == "GetTopicAttributes")
    assert missing["errorCode"].startswith("NotFound")


def test_data_events_are_delivered_where_they_are_selected(logging: Callable[..., Logging]) -> None:
    trail = logging(start=False)
    s3 = trail.client("s3")
    own = f"data-{uuid.uuid4().hex[:12]}"
    make_bucket(s3, own, None)
    selectors = [
        {
            "Name": "objects",
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                {"Field": "resources.ARN", "StartsWith": [f"arn:aws:s3:::{own}/kept/"]},
            ],
        },
        {
            "Name": "writes",
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "readOnly", "Equals": ["false"]},
            ],
        },
    ]
    cloudtrail = trail.client("cloudtrail")
    cloudtrail.put_event_selectors(TrailName=trail.name, AdvancedEventSelectors=selectors)
    cloudtrail.start_logging(Name=trail.name)
    for key in ("kept/a", "other/b"):
        s3.put_object(Bucket=own, Key=key, Body=b"secret body")
    s3.list_buckets()
    trail.stop()
    found = list(records(s3, trail.bucket))
    objects = [r["requestParameters"]["key"] for r in found if r["eventName"] == "PutObject"]
    assert objects == ["kept/a"]
    assert {r["eventCategory"] for r in found} == {"Data", "Management"}
    assert not [r for r in found if r["readOnly"]]
    assert "secret body" not in json.dumps(found)


def test_a_bucket_that_refuses_keeps_events_waiting(logging: Callable[..., Logging]) -> None:
    trail = logging()
    s3, cloudtrail = trail.client("s3"), trail.client("cloudtrail")
    s3.put_bucket_policy(
        Bucket=trail.bucket,
        Policy=json.dumps(bucket_policy(trail.bucket, trail.arn.replace("trail/", "trail/no-"))),
    )
    trail.client("sns").create_topic(Name="waits")

    def status() -> dict[str, Any]:
        return dict(cloudtrail.get_trail_status(Name=trail.name))

    assert until(lambda: status().get("LatestDeliveryError")) == "AccessDenied"
    assert not [r for r in records(s3, trail.bucket) if r["eventName"] == "CreateTopic"]
    s3.put_bucket_policy(
        Bucket=trail.bucket, Policy=json.dumps(bucket_policy(trail.bucket, trail.arn))
    )
    assert until(lambda: not status().get("LatestDeliveryError"))
    trail.stop()
    assert status()["LatestDeliveryTime"]
    assert [r for r in records(s3, trail.bucket) if r["eventName"] == "CreateTopic"]


def test_a_trail_needs_a_bucket_that_lets_cloudtrail_in(logging: Callable[..., Logging]) -> None:
    with pytest.raises(ClientError, match="InsufficientS3BucketPolicyException"):
        logging(policy=False)
    assert logging(start=False)


def test_the_trails_key_is_asked(logging: Callable[..., Logging]) -> None:
    trail = logging(start=False)
    kms, cloudtrail = trail.client("kms"), trail.client("cloudtrail")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    cloudtrail.update_trail(Name=trail.name, KmsKeyId=key)
    cloudtrail.start_logging(Name=trail.name)

    def error() -> Any:
        return cloudtrail.get_trail_status(Name=trail.name).get("LatestDeliveryError")

    assert until(error) == "AccessDenied"
    document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    document["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:GenerateDataKey*",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceArn": trail.arn},
                "StringLike": {
                    "kms:EncryptionContext:aws:cloudtrail:arn": f"arn:*:{trail.account}:trail/*"
                },
            },
        }
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    assert until(lambda: not error())
    trail.stop()
    s3 = trail.client("s3")
    first = s3.head_object(Bucket=trail.bucket, Key=keys(s3, trail.bucket)[0])
    assert (first["ServerSideEncryption"], first["SSEKMSKeyId"]) == ("aws:kms", key)


def test_nothing_is_lost_or_doubled_over_kills(launch: Callable[..., Any], tmp_path: Path) -> None:
    running = launch(tmp_path)
    local = running.local
    arn = f"arn:aws:cloudtrail:{REGION}:{local.management_account}:trail/kept"
    make_bucket(local.client("s3"), "kept-logs", bucket_policy("kept-logs", arn))
    local.client("cloudtrail").create_trail(Name="kept", S3BucketName="kept-logs")
    local.client("cloudtrail").start_logging(Name="kept")
    for turn in range(3):
        for number in range(5):
            running.local.client("sns").create_topic(Name=f"topic-{turn}-{number}")
        running.kill()
        running = launch(tmp_path)
    assert running.stop() == 0
    local = launch(tmp_path).local
    s3 = local.client("s3")
    found = [r for r in records(s3, "kept-logs") if r["eventName"] == "CreateTopic"]
    names = [r["requestParameters"]["name"] for r in found]
    assert sorted(names) == sorted(f"topic-{turn}-{n}" for turn in range(3) for n in range(5))
