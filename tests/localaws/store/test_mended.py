"""What the store answers as AWS does, where moto would not."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.store import Store
from landrail.localaws.store.mends.mistaken import MISTAKEN

ACCOUNT, REGION = "310987654321", "eu-west-1"
_S3 = botocore.session.get_session().get_service_model("s3")
_SECRET = b"what only GetObject may give"
# They change or delete what the path names, and are meant to.
_MEANT = frozenset({"DeleteObjects", "PutObjectAcl", "RestoreObject"})


@pytest.fixture(scope="module")
def store():
    return Store()


def ask(store, service, operation, **params):
    return store.execute(ACCOUNT, REGION, service, operation, params)


def make_bucket(store, name):
    place = {"LocationConstraint": REGION}
    ask(store, "s3", "CreateBucket", Bucket=name, CreateBucketConfiguration=place)


def sample(shape: Any, bucket: str, name: str = "") -> Any:
    """The least that an operation's input may be."""
    if name in ("Bucket", "Key"):
        return bucket if name == "Bucket" else "key"
    if getattr(shape, "enum", None):
        return shape.enum[0]
    if shape.type_name == "structure":
        names = shape.required_members or list(shape.members)[:1]
        return {each: sample(shape.members[each], bucket, each) for each in names}
    if shape.type_name == "list":
        return [sample(shape.member, bucket)]
    scalars = {"integer": 1, "long": 1, "boolean": True, "map": {}, "blob": b"x"}
    scalars["timestamp"] = "2030-01-01T00:00:00Z"
    return scalars.get(shape.type_name, "x")


@pytest.mark.parametrize(
    "operation",
    [
        name
        for name in _S3.operation_names
        if name not in _MEANT
        and "{Bucket}" in _S3.operation_model(name).http["requestUri"]
        and _S3.operation_model(name).http["requestUri"].partition("?")[2].rstrip("=")
        not in ("", "list-type=2", "x-id=PutObject")
    ],
)
def test_no_operation_of_s3_is_taken_for_another(store, operation):
    bucket = f"whole-{operation.lower()}"[:63]
    make_bucket(store, bucket)
    empty = f"empty-{operation.lower()}"[:63]
    make_bucket(store, empty)
    ask(store, "s3", "PutObject", Bucket=bucket, Key="key", Body=_SECRET)
    for name in (bucket, empty):
        params = sample(_S3.operation_model(operation).input_shape, name)
        try:
            answer = store.perform(ACCOUNT, REGION, "s3", operation, params)
        except ApiError:
            assert operation in MISTAKEN
        except Exception:  # noqa: BLE001  (moto reads a body that is no document; nothing is done)
            continue
        else:
            assert _SECRET not in answer.body
            assert operation.startswith("ListObjects") or b"<ListBucketResult" not in answer.body
    assert ask(store, "s3", "GetObject", Bucket=bucket, Key="key")["Body"].read() == _SECRET
    ask(store, "s3", "HeadBucket", Bucket=empty)


def test_every_bucket_and_object_is_encrypted(store):
    def default():
        found = ask(store, "s3", "GetBucketEncryption", Bucket="encrypted")
        return found["ServerSideEncryptionConfiguration"]["Rules"]

    def put():
        ask(store, "s3", "PutObject", Bucket="encrypted", Key="key", Body=b"x")
        head = ask(store, "s3", "HeadObject", Bucket="encrypted", Key="key")
        return head["ServerSideEncryption"]

    make_bucket(store, "encrypted")
    by_s3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    blocked = {"BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]}}
    assert default() == [{**by_s3, "BucketKeyEnabled": False, **blocked}]
    assert put() == "AES256"
    by_key = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    ask(
        store,
        "s3",
        "PutBucketEncryption",
        Bucket="encrypted",
        ServerSideEncryptionConfiguration={"Rules": [by_key]},
    )
    assert put() == "aws:kms"
    ask(store, "s3", "DeleteBucketEncryption", Bucket="encrypted")
    assert default() == [{**by_s3, "BucketKeyEnabled": False, **blocked}]
    assert put() == "AES256"
    with pytest.raises(ApiError) as caught:
        ask(
            store,
            "s3",
            "CopyObject",
            Bucket="encrypted",
            Key="key",
            CopySource="encrypted/key",
        )
    assert caught.value.code == "InvalidRequest"


def test_a_policy_for_dead_letters_has_no_spaces(store):
    dead = ask(store, "sqs", "CreateQueue", QueueName="dead")["QueueUrl"]
    names = {"QueueUrl": dead, "AttributeNames": ["QueueArn"]}
    arn = ask(store, "sqs", "GetQueueAttributes", **names)["Attributes"]["QueueArn"]
    redrive = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":5}}'
    given = {"RedrivePolicy": redrive.replace(":", ": ", 1)}
    url = ask(store, "sqs", "CreateQueue", QueueName="alive", Attributes=given)["QueueUrl"]
    told = ask(store, "sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])
    assert told["Attributes"]["RedrivePolicy"] == redrive


@pytest.mark.parametrize("by", ["Name", "TrailARN"])
def test_a_trail_is_deleted_by_name_and_by_arn(store, by):
    make_bucket(store, f"trail-{by.lower()}")
    names = {"Name": "trail", "S3BucketName": f"trail-{by.lower()}"}
    made = ask(store, "cloudtrail", "CreateTrail", **names, IsMultiRegionTrail=True)
    ask(store, "cloudtrail", "DeleteTrail", Name=made[by])
    assert ask(store, "cloudtrail", "DescribeTrails")["trailList"] == []
    with pytest.raises(ApiError) as caught:
        ask(store, "cloudtrail", "DeleteTrail", Name=made[by])
    assert caught.value.code == "TrailNotFoundException"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_an_object_is_kept_whatever_it_is_called(store, kind):
    bucket = f"called-{len(kind)}"
    make_bucket(store, bucket)
    ask(store, "s3", "PutObject", Bucket=bucket, Key="k", Body=b"a=1&b", ContentType=kind)
    found = ask(store, "s3", "GetObject", Bucket=bucket, Key="k")
    assert (found["Body"].read(), found["ContentType"]) == (b"a=1&b", kind)


def test_a_member_may_ask_about_itself_only():
    store = Store()

    def asked(account, operation, **params):
        return store.execute(account, "us-east-1", "organizations", operation, params)

    management = "610987654321"
    asked(management, "CreateOrganization", FeatureSet="ALL")
    made = asked(management, "CreateAccount", AccountName="one", Email="one@example.com")
    member = made["CreateAccountStatus"]["AccountId"]
    assert asked(member, "DescribeOrganization")["Organization"]["MasterAccountId"] == management
    for operation in ("ListAccounts", "ListRoots", "ListPolicies", "CreateAccount"):
        filled = {"ListPolicies": {"Filter": "SERVICE_CONTROL_POLICY"}}.get(operation, {})
        with pytest.raises(ApiError) as caught:
            asked(member, operation, **filled)
        assert caught.value.code == "AccessDeniedException"
    assert len(asked(management, "ListAccounts")["Accounts"]) == 2


@pytest.mark.parametrize("queues", [0, 1])
def test_a_bucket_tells_that_its_events_go_to_eventbridge(store, queues):
    bucket, asked = f"told-{queues}", "GetBucketNotificationConfiguration"
    make_bucket(store, bucket)
    assert "EventBridgeConfiguration" not in ask(store, "s3", asked, Bucket=bucket)
    ask(store, "sqs", "CreateQueue", QueueName=bucket)
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{bucket}"
    to_queue = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    wanted = {"EventBridgeConfiguration": {}, "QueueConfigurations": [to_queue] * queues}
    ask(
        store,
        "s3",
        "PutBucketNotificationConfiguration",
        Bucket=bucket,
        NotificationConfiguration={k: v for k, v in wanted.items() if v or k[0] == "E"},
    )
    told = ask(store, "s3", asked, Bucket=bucket)
    assert told["EventBridgeConfiguration"] == {}
    assert len(told.get("QueueConfigurations", [])) == queues
    ask(
        store,
        "s3",
        "PutBucketNotificationConfiguration",
        Bucket=bucket,
        NotificationConfiguration={},
    )
    assert "EventBridgeConfiguration" not in ask(store, "s3", asked, Bucket=bucket)


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"PartNumber": 1000}, "InvalidPartNumber"), ({"Range": "bytes=50-60"}, "InvalidRange")],
)
def test_what_an_object_does_not_have_is_refused_in_words_of_s3(store, asked, code):
    bucket = f"short-{code.lower()}"
    make_bucket(store, bucket)
    ask(store, "s3", "PutObject", Bucket=bucket, Key="k", Body=b"body")
    with pytest.raises(ApiError) as caught:
        ask(store, "s3", "GetObject", Bucket=bucket, Key="k", **asked)
    assert (caught.value.code, caught.value.status) == (code, 416)
    found = ask(store, "s3", "GetObject", Bucket=bucket, Key="k", Range="bytes=1-2")
    assert found["Body"].read() == b"od"
