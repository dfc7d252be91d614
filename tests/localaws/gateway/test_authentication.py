"""Who is not who they say is turned away, in the words of the service's protocol."""

from __future__ import annotations

import datetime
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from landrail.localaws.api import Caller
from landrail.localaws.gateway.callers.authenticate import Refused, lookup
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.store import CredentialStore, Tables

READS = {
    "sts": "get_caller_identity",
    "iam": "list_roles",
    "ssm": "describe_parameters",
    "ec2": "describe_vpcs",
    "s3": "list_buckets",
    "organizations": "describe_organization",
    "codeartifact": "list_domains",
}


def _code(client: Any, operation: str) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)()
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "unknown", "wrong"),
    [
        ("sts", ("InvalidClientTokenId", 403), ("SignatureDoesNotMatch", 403)),
        ("iam", ("InvalidClientTokenId", 403), ("SignatureDoesNotMatch", 403)),
        ("ssm", ("UnrecognizedClientException", 400), ("InvalidSignatureException", 400)),
        ("organizations", ("UnrecognizedClientException", 400), ("InvalidSignatureException", 400)),
        ("codeartifact", ("UnrecognizedClientException", 403), ("InvalidSignatureException", 403)),
        ("ec2", ("AuthFailure", 401), ("AuthFailure", 401)),
        ("s3", ("InvalidAccessKeyId", 403), ("SignatureDoesNotMatch", 403)),
    ],
)
def test_keys_that_are_not_ours(local_aws, service, unknown, wrong):
    stranger = boto3.Session("AKIAAAAAAAAAAAAAAAAA", "x" * 40, region_name="eu-west-1")
    assert _code(local_aws.client(service, stranger), READS[service]) == unknown
    real = local_aws.bootstrap.get_credentials()
    forger = boto3.Session(real.access_key, "x" * 40, region_name="eu-west-1")
    assert _code(local_aws.client(service, forger), READS[service]) == wrong


def test_a_session_needs_its_own_token(local_aws):
    account = local_aws.account("tokens")
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    answer = local_aws.client("sts").assume_role(RoleArn=role, RoleSessionName="me")
    keys = answer["Credentials"]
    for token in (None, "lrt1forged", keys["SessionToken"] + "x"):
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], token)
        client = local_aws.client("sts", session, region_name="eu-west-1")
        assert _code(client, "get_caller_identity") == ("InvalidClientTokenId", 403)
    session = local_aws.session_of(keys)
    assert local_aws.client("sts", session).get_caller_identity()["Account"] == account


def test_credentials_end(tmp_path):
    store = CredentialStore(Tables(tmp_path / "t.sqlite"))
    caller = Caller(kind="root", arn="arn:aws:iam::111122223333:root", account="111122223333")
    live, dead = store.issue(caller, 60), store.issue(caller, -1)
    assert lookup(live.access_key_id, store).caller.arn == caller.arn
    with pytest.raises(Refused) as caught:
        lookup(dead.access_key_id, store)
    assert caught.value.kind is Refusal.EXPIRED


class _At(SigV4Auth):
    """Signs for another time."""

    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)

    def _modify_request_before_signing(self, request: Any) -> None:
        request.context["timestamp"] = self.moment.strftime("%Y%m%dT%H%M%SZ")
        super()._modify_request_before_signing(request)


def _send(request: AWSRequest, **headers: str) -> tuple[int, str]:
    prepared = request.prepare()
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    sent = urllib.request.Request(
        prepared.url,
        data=body,
        headers={**dict(prepared.headers.items()), **headers},
        method=prepared.method,
    )
    try:
        with urllib.request.urlopen(sent) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _open(url: str) -> tuple[int, bytes]:
    """Open a URL as a browser would."""
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def _identity_request(local: Any) -> AWSRequest:
    return AWSRequest(
        "POST",
        f"{local.endpoint}/",
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        "Action=GetCallerIdentity&Version=2011-06-15",
    )


def _keys(local: Any) -> Credentials:
    return local.bootstrap.get_credentials()


def test_a_request_of_an_hour_ago_is_refused(local_aws):
    request = _identity_request(local_aws)
    _At(_keys(local_aws), "sts", "us-east-1").add_auth(request)
    status, body = _send(request)
    assert status == 403
    assert "Signature expired" in body
    request = _identity_request(local_aws)
    SigV4Auth(_keys(local_aws), "sts", "us-east-1").add_auth(request)
    assert _send(request)[0] == 200


def test_what_was_not_signed_is_not_believed(local_aws):
    request = _identity_request(local_aws)
    SigV4Auth(_keys(local_aws), "sts", "us-east-1").add_auth(request)
    status, body = _send(request, **{"X-Amz-Target": "Something.Else"})
    assert status == 403
    assert "x-amz-target" in body
    request.data = "Action=GetSessionToken&Version=2011-06-15"
    assert _send(request)[0] == 403


def test_an_unsigned_request_is_refused(local_aws):
    status, body = _send(_identity_request(local_aws))
    assert status == 403
    assert "MissingAuthenticationToken" in body
    for target in ("SageMaker.ListModels", "Nothing.OfAws"):
        json_request = AWSRequest("POST", f"{local_aws.endpoint}/", {"X-Amz-Target": target}, "{}")
        status, body = _send(json_request)
        assert status in (400, 403)
        assert "MissingAuthenticationTokenException" in body


@pytest.fixture(scope="module")
def bucket(local_aws):
    name = "authentication-tests"
    local_aws.client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return name


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls(local_aws, bucket, version, unique):
    config = Config(signature_version=version, s3={"addressing_style": "path"})
    s3, plain = local_aws.client("s3", config=config), local_aws.client("s3")
    key = unique("a b/ü")
    plain.put_object(Bucket=bucket, Key=key, Body=b"hello")
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=60)
    assert _open(url) == (200, b"hello")
    other = url.replace(key[:3].replace(" ", "%20"), "x")
    for changed in (url + "&versionId=1", other, url.replace("Expires=", "Expires=9")):
        assert _open(changed)[0] in (400, 403)
    put = s3.generate_presigned_url("put_object", {"Bucket": bucket, "Key": key})
    request = urllib.request.Request(put, b"new", {"Content-Type": ""}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert plain.get_object(Bucket=bucket, Key=key)["Body"].read() == b"new"
    stale = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key}, ExpiresIn=-5)
    assert _open(stale)[0] in (400, 403)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_url_presigned_by_a_session_is_for_that_request_alone(local_aws, bucket, version):
    plain = local_aws.client("s3")
    plain.put_object(Bucket=bucket, Key="by-session", Body=b"hello")
    keys = local_aws.client("sts").get_session_token()["Credentials"]
    config = Config(signature_version=version, s3={"addressing_style": "path"})
    s3 = local_aws.client("s3", local_aws.session_of(keys), config=config)
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "by-session"})
    assert _open(url) == (200, b"hello")
    other = local_aws.client("sts").get_session_token()["Credentials"]["SessionToken"]
    token = quote(keys["SessionToken"], safe="")
    for changed in (
        url.replace("by-session", "other"),
        url.replace(token, quote(other, safe="")),
        f"{url}&x-amz-acl=public-read",
        f"{url}&versionId=1",
    ):
        assert changed != url
        assert _open(changed)[0] in (400, 403)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize(("region", "status"), [("eu-west-1", 200), ("us-east-1", 403)])
def test_a_url_without_a_region_is_for_that_of_its_bucket(
    local_aws, unique, version, region, status
):
    name, account = unique("regional"), local_aws.account("regional")
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    owner = local_aws.client("s3", local_aws.administrator(account), region_name=region)
    owner.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    owner.put_object(Bucket=name, Key="k", Body=b"hello")
    elsewhere = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    every = {"Action": "s3:*", "Resource": "*"}
    allow, deny = {"Effect": "Allow", **every}, {"Effect": "Deny", **every, "Condition": elsewhere}
    policy = {"Version": "2012-10-17", "Statement": [allow, deny]}
    session = local_aws.assume(local_aws.role(account, unique("reader"), policy))
    config = Config(signature_version=version, s3={"addressing_style": "path"})
    s3 = local_aws.client("s3", session, config=config, region_name=region)
    url = s3.generate_presigned_url("get_object", {"Bucket": name, "Key": "k"})
    assert _open(url)[0] == status


def test_a_body_that_is_not_what_was_signed(local_aws, bucket):
    url = f"{local_aws.endpoint}/{bucket}/tampered"
    request = AWSRequest("PUT", url, {}, b"good")
    S3SigV4Auth(_keys(local_aws), "s3", "eu-west-1").add_auth(request)
    request.data = b"evil"
    status, body = _send(request)
    assert status == 400
    assert "x-amz-content-sha256" in body


def test_a_door_that_asks_for_the_secret(local_aws):
    for path in ("/_landrail/events/e-1", "/_landrail/events/e-1?secret=wrong"):
        assert _open(local_aws.endpoint + path)[0] == 403
    assert b'"ready": true' in _open(f"{local_aws.endpoint}/_landrail/health")[1]
