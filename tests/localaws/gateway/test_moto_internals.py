"""Each internal of moto that the store touches: these fail when a new moto has changed it."""

from __future__ import annotations

import datetime

import boto3
import pytest
from moto.core import utils as core_utils
from moto.iam.models import User
from moto.s3 import models

from landrail.localaws.api import ApiError
from landrail.localaws.store import Incoming, Store, determinism, loading, parse, route, serialize
from landrail.localaws.store.mends import answers as mended
from landrail.localaws.store.mends import (
    bucket_encryption,
    canned_lists,
    function_principals,
    gone_principals,
    neutral,
    user_boundaries,
)
from landrail.localaws.store.models import service_model
from landrail.localaws.store.serving import serialize_error

ACCOUNT = "210987654321"


@pytest.fixture(scope="module")
def store():
    return Store()


def test_what_is_touched_is_there_and_replaced(store):
    for holder, name, replacement in (
        *neutral.TOUCHED,
        *mended.TOUCHED,
        *determinism.TOUCHED,
        *bucket_encryption.TOUCHED,
        *canned_lists.TOUCHED,
        *function_principals.TOUCHED,
        *gone_principals.TOUCHED,
        *user_boundaries.TOUCHED,
    ):
        assert getattr(holder, name) is getattr(replacement, "__func__", replacement)


def test_a_list_by_name_has_a_grant_for_each_permission():
    acl = models.get_canned_acl("public-read-write")
    assert all(len(grant.permissions) == 1 for grant in acl.grants)
    assert sorted(grant.permissions[0] for grant in acl.grants) == ["FULL_CONTROL", "READ", "WRITE"]


def test_a_users_boundary_is_kept_where_moto_forgets_it(store):
    for holder, name, _ in user_boundaries.TOUCHED + user_boundaries.ADDED:
        assert hasattr(holder, name)
    # moto keeps the names of its attributes for itself: a new version may take one of ours.
    assert not hasattr(User(ACCOUNT, "us-east-1", "u"), "permissions_boundary_arn")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"

    def boundary(name):
        user = store.execute(ACCOUNT, "us-east-1", "iam", "GetUser", {"UserName": name})["User"]
        return (user.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")

    def ask(operation, **params):
        store.execute(ACCOUNT, "us-east-1", "iam", operation, params)

    ask("CreateUser", UserName="bounded", PermissionsBoundary=arn)
    ask("CreateUser", UserName="free")
    assert (boundary("bounded"), boundary("free")) == (arn, None)
    ask("DeleteUserPermissionsBoundary", UserName="bounded")
    ask("PutUserPermissionsBoundary", UserName="free", PermissionsBoundary=arn)
    assert (boundary("bounded"), boundary("free")) == (None, arn)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("kms", "CreateKey", {"KeySpec": "RSA_2048"}),
    ],
)
def test_what_moto_would_ignore_or_forget_is_refused(store, service, operation, params):
    with pytest.raises(ApiError) as caught:
        store.execute(ACCOUNT, "eu-west-1", service, operation, params)
    assert caught.value.status == 501


def test_a_symmetric_key_encrypts_and_has_no_public_key(store):
    def ask(operation, **params):
        return store.execute(ACCOUNT, "eu-west-1", "kms", operation, params)

    key = ask("CreateKey")["KeyMetadata"]["KeyId"]
    sealed = ask("Encrypt", KeyId=key, Plaintext=b"words")["CiphertextBlob"]
    assert ask("Decrypt", CiphertextBlob=sealed)["Plaintext"] == b"words"
    with pytest.raises(ApiError) as caught:
        ask("GetPublicKey", KeyId=key)
    assert caught.value.code == "UnsupportedOperationException"


def test_models_are_read_once_and_without_prose():
    model = service_model("sagemaker")
    assert model is core_utils.get_service_model("sagemaker")
    described = model.shape_for("CreateModelInput")
    assert described.members["ModelName"].type_name == "string"
    assert not described.documentation


@pytest.mark.parametrize("service", ["kms", "organizations"])
def test_regions_are_those_that_moto_would_ask_for(service):
    session = boto3.Session()
    asked = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition_name=partition)
    ]
    assert loading.regions(None, service) == asked


def test_ids_and_times_come_again(store):
    def make() -> tuple[object, ...]:
        with determinism.moment(1_700_000_000.0, 7):
            name = "repeat"
            user = store.execute(ACCOUNT, "us-east-1", "iam", "CreateUser", {"UserName": name})
            store.execute(ACCOUNT, "us-east-1", "iam", "DeleteUser", {"UserName": name})
        return tuple(sorted(user["User"]))

    assert make() == make()
    determinism.tame()
    with determinism.moment(1_700_000_000.0, 7):
        assert core_utils.utcnow() == datetime.datetime(2023, 11, 14, 22, 13, 20)


@pytest.mark.parametrize(
    ("name", "incoming", "operation", "params"),
    [
        (
            "ssm",
            Incoming(
                "POST",
                "127.0.0.1",
                "/",
                "",
                {
                    "content-type": "application/x-amz-json-1.1",
                    "x-amz-target": "AmazonSSM.GetParameter",
                },
                b'{"Name": "/a"}',
            ),
            "GetParameter",
            {"Name": "/a"},
        ),
        (
            "iam",
            Incoming(
                "POST",
                "127.0.0.1",
                "/",
                "",
                {"content-type": "application/x-www-form-urlencoded"},
                b"Action=TagRole&Version=2010-05-08&RoleName=r&Tags.member.1.Key=a"
                b"&Tags.member.1.Value=b",
            ),
            "TagRole",
            {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]},
        ),
        (
            "ec2",
            Incoming(
                "POST",
                "127.0.0.1",
                "/",
                "",
                {"content-type": "application/x-www-form-urlencoded"},
                b"Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1",
            ),
            "DescribeVpcs",
            {"VpcIds": ["vpc-1"]},
        ),
        (
            "s3",
            Incoming(
                "PUT",
                "127.0.0.1",
                "/b/k%20k/%C3%BC",
                "",
                {"x-amz-meta-who": "me", "content-type": "text/plain"},
                b"body",
            ),
            "PutObject",
            {
                "Bucket": "b",
                "Key": "k k/ü",
                "Body": b"body",
                "Metadata": {"who": "me"},
                "ContentType": "text/plain",
                "ContentLength": 4,
            },
        ),
        (
            "s3",
            Incoming("GET", "127.0.0.1", "/b", "list-type=2&prefix=x", {}, b""),
            "ListObjectsV2",
            {"Bucket": "b", "Prefix": "x"},
        ),
        (
            "codeartifact",
            Incoming("GET", "127.0.0.1", "/v1/domain", "domain=d&domain-owner=1", {}, b""),
            "DescribeDomain",
            {"domain": "d", "domainOwner": "1"},
        ),
    ],
)
def test_requests_are_read_in_every_protocol(name, incoming, operation, params):
    routed = route(name, incoming)
    assert routed.operation == operation
    assert parse(routed, incoming.body) == params


def test_a_broken_body_is_an_error_and_not_an_empty_one():
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonSSM.DescribeParameters",
    }
    incoming = Incoming("POST", "127.0.0.1", "/", "", headers, b"{not json")
    with pytest.raises(ApiError) as caught:
        parse(route("ssm", incoming), incoming.body)
    assert caught.value.code == "SerializationException"


def test_an_action_in_the_query_does_not_override_the_target():
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonSSM.GetParameter",
    }
    body = b'{"Name": "/a"}'
    incoming = Incoming("POST", "127.0.0.1", "/", "Action=DeleteParameter", headers, body)
    assert route("ssm", incoming).operation == "GetParameter"


@pytest.mark.parametrize(
    ("service", "operation", "protocol", "result", "piece"),
    [
        ("ssm", "GetParameter", "json", {"Parameter": {"Name": "a"}}, b'"Name": "a"'),
        ("sts", "GetCallerIdentity", "query", {"Arn": "x"}, b"<Arn>x</Arn>"),
        ("sagemaker-runtime", "InvokeEndpoint", "rest-json", {"Body": b"\x00\x01"}, b"\x00\x01"),
    ],
)
def test_results_are_written_in_every_protocol(service, operation, protocol, result, piece):
    assert piece in serialize(service, operation, protocol, result, "id").body


@pytest.mark.parametrize(
    ("service", "protocol", "piece"),
    [
        ("ssm", "json", b'"__type": "Code"'),
        ("sts", "query", b"<Code>Code</Code>"),
        ("ec2", "ec2", b"<Errors><Error><Code>Code</Code>"),
        ("s3", "rest-xml", b"<Error><Code>Code</Code>"),
        ("codeartifact", "rest-json", b'"message": "a <b>"'),
    ],
)
def test_errors_are_written_in_every_protocol(service, protocol, piece):
    answer = serialize_error(service, protocol, ApiError("Code", "a <b>", 418), "id")
    assert piece in answer.body
    assert answer.status == 418
