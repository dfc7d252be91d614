"""boto3 as programs use it: sessions from every provider, threads, pages, waiters, streams."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from tests.clients.clients_world import REGION, Person, World

pytestmark = pytest.mark.xdist_group("clients")

_MIB = 1 << 20


@pytest.fixture(scope="module")
def bucket(admin: Person) -> str:
    """A bucket for the tests of this module."""
    s3 = admin.client("s3")
    s3.create_bucket(
        Bucket="boto3-clients", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    s3.get_waiter("bucket_exists").wait(Bucket="boto3-clients")
    return "boto3-clients"


def test_resources_and_collections(admin: Person, bucket: str) -> None:
    s3 = admin.session().resource("s3", endpoint_url=admin.environment["AWS_ENDPOINT_URL"])
    for number in range(12):
        s3.Object(bucket, f"collection/{number:02}").put(Body=str(number).encode())
    found = s3.Bucket(bucket).objects.filter(Prefix="collection/").page_size(5)
    assert [each.key for each in found] == [f"collection/{n:02}" for n in range(12)]
    assert s3.Object(bucket, "collection/07").get()["Body"].read() == b"7"
    s3.Bucket(bucket).objects.filter(Prefix="collection/").delete()
    assert list(s3.Bucket(bucket).objects.filter(Prefix="collection/")) == []


def test_a_transfer_in_parts_by_threads(admin: Person, bucket: str) -> None:
    s3, content = admin.client("s3"), os.urandom(21 * _MIB + 17)
    parts = TransferConfig(5 * _MIB, max_concurrency=4, multipart_chunksize=5 * _MIB)
    s3.upload_fileobj(
        io.BytesIO(content), bucket, "parts", Config=parts, ExtraArgs={"Metadata": {"Who": "ana"}}
    )
    head = s3.head_object(Bucket=bucket, Key="parts", ChecksumMode="ENABLED")
    assert head["ContentLength"] == len(content)
    assert head["ETag"].endswith('-5"')
    assert head["Metadata"] == {"who": "ana"}
    back = io.BytesIO()
    s3.download_fileobj(bucket, "parts", back, Config=parts)
    assert back.getvalue() == content
    s3.copy({"Bucket": bucket, "Key": "parts"}, bucket, "copied", Config=parts)
    assert s3.head_object(Bucket=bucket, Key="copied")["ContentLength"] == len(content)


@pytest.mark.parametrize("calculation", ["when_supported", "when_required"])
def test_checksums_as_both_generations_of_clients_send_them(
    admin: Person, bucket: str, calculation: str
) -> None:
    s3 = admin.client(
        "s3",
        config=Config(
            request_checksum_calculation=calculation, response_checksum_validation=calculation
        ),
    )
    s3.put_object(Bucket=bucket, Key=calculation, Body=b"body")
    found = s3.get_object(Bucket=bucket, Key=calculation)
    assert found["Body"].read() == b"body"
    assert found["ServerSideEncryption"] == "AES256"
    s3.put_object(Bucket=bucket, Key=calculation, Body=b"body", ChecksumAlgorithm="SHA256")
    head = s3.head_object(Bucket=bucket, Key=calculation, ChecksumMode="ENABLED")
    digest = base64.b64encode(hashlib.sha256(b"body").digest()).decode()
    assert head["ChecksumSHA256"] == digest


def test_streams_are_read_in_pieces_and_by_lines(admin: Person, bucket: str) -> None:
    s3 = admin.client("s3")
    lines = [f"line {number}".encode() for number in range(20_000)]
    s3.put_object(Bucket=bucket, Key="lines", Body=io.BytesIO(b"\n".join(lines)))
    body = s3.get_object(Bucket=bucket, Key="lines")["Body"]
    assert list(body.iter_lines()) == lines
    part = s3.get_object(Bucket=bucket, Key="lines", Range="bytes=0-5")
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert part["Body"].read() == b"line 0"


def test_pages_and_waiters(admin: Person) -> None:
    ssm = admin.client("ssm")
    for number in range(12):
        ssm.put_parameter(Name=f"/boto3/{number:02}", Value="x", Type="String")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path="/boto3", PaginationConfig={"PageSize": 5}
    )
    assert [len(page["Parameters"]) for page in pages] == [5, 5, 2]
    limited = ssm.get_paginator("get_parameters_by_path").paginate(
        Path="/boto3", PaginationConfig={"PageSize": 5, "MaxItems": 7}
    )
    assert len(limited.build_full_result()["Parameters"]) == 7
    with pytest.raises(WaiterError):
        admin.client("s3").get_waiter("bucket_exists").wait(
            Bucket="nobody-has-made-this", WaiterConfig={"Delay": 0, "MaxAttempts": 2}
        )


def test_stacks_are_waited_for(admin: Person) -> None:
    made = admin.client("cloudformation")
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "boto3-stack"}}
    made.create_stack(StackName="boto3", TemplateBody=json.dumps({"Resources": {"Topic": topic}}))
    quick = {"Delay": 1, "MaxAttempts": 60}
    made.get_waiter("stack_create_complete").wait(StackName="boto3", WaiterConfig=quick)
    made.delete_stack(StackName="boto3")
    made.get_waiter("stack_delete_complete").wait(StackName="boto3", WaiterConfig=quick)


def test_one_client_serves_many_threads(admin: Person, bucket: str) -> None:
    s3 = admin.client("s3", config=Config(max_pool_connections=8))

    def work(number: int) -> bytes:
        s3.put_object(Bucket=bucket, Key=f"threads/{number}", Body=str(number).encode())
        return bytes(s3.get_object(Bucket=bucket, Key=f"threads/{number}")["Body"].read())

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [str(n).encode() for n in range(40)]


def test_presigned_urls_give_what_their_maker_may_and_no_more(
    admin: Person, reader: Person, bucket: str
) -> None:
    admin.client("s3").put_object(Bucket=bucket, Key="signed", Body=b"seen")
    asked = {"Bucket": bucket, "Key": "signed"}

    def fetch(person: Person, operation: str, body: bytes | None = None) -> bytes:
        s3 = person.client("s3", config=Config(signature_version="s3v4"))
        url = s3.generate_presigned_url(operation, Params=asked, ExpiresIn=60)
        method = "PUT" if body is not None else "GET"
        with urllib.request.urlopen(urllib.request.Request(url, body, method=method)) as answer:
            return bytes(answer.read())

    assert fetch(reader, "get_object") == b"seen"
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(reader, "put_object", b"written")
    assert caught.value.code == 403
    assert b"is not authorized to perform: s3:PutObject" in caught.value.read()
    fetch(admin, "put_object", b"written")
    assert fetch(reader, "get_object") == b"written"


def test_a_form_that_was_signed_beforehand_is_refused_in_words(admin: Person, bucket: str) -> None:
    post = admin.client("s3").generate_presigned_post(bucket, "form")
    edge = "edge"
    fields = {**post["fields"], "file": "x"}
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
        for k, v in fields.items()
    )
    request = urllib.request.Request(
        post["url"],
        f"{body}--{edge}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code in (403, 501)
    with pytest.raises(ClientError):
        admin.client("s3").head_object(Bucket=bucket, Key="form")


_WHO = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def _who(environment: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", _WHO], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def _without_keys(person: Person) -> dict[str, str]:
    dropped = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return {k: v for k, v in person.environment.items() if k not in dropped}


def test_a_profile_that_assumes_a_role(world: World, tmp_path: Any) -> None:
    config, keys = tmp_path / "config", tmp_path / "credentials"
    role = f"arn:aws:iam::{world.accounts['workload']}:role/reader"
    config.write_text(
        f"[profile base]\n[profile read]\nrole_arn = {role}\nsource_profile = base\n"
        "role_session_name = by-profile\n"
    )
    given = world.management.environment
    keys.write_text(
        f"[base]\naws_access_key_id = {given['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {given['AWS_SECRET_ACCESS_KEY']}\n"
    )
    environment = {
        **_without_keys(world.management),
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(keys),
        "AWS_PROFILE": "read",
    }
    assert _who(environment).endswith(":assumed-role/reader/by-profile")


def test_a_token_in_a_file_is_exchanged_for_a_session(
    world: World, admin: Person, tmp_path: Any
) -> None:
    iam = admin.client("iam")
    provider = iam.create_open_id_connect_provider(
        Url="https://identity.landrail.local", ClientIDList=["landrail"]
    )["OpenIDConnectProviderArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                "identity.landrail.local:aud": "landrail",
                "identity.landrail.local:sub": "ana",
            }
        },
    }
    role = iam.create_role(
        RoleName="federated",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )["Role"]["Arn"]
    token = tmp_path / "token"
    environment = {
        **_without_keys(admin),
        "AWS_ROLE_ARN": role,
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(token),
        "AWS_ROLE_SESSION_NAME": "by-token",
    }
    token.write_text(_token(world, "ana"))
    assert _who(environment).endswith(":assumed-role/federated/by-token")
    token.write_text(_token(world, "ben"))
    ended = subprocess.run(
        [sys.executable, "-c", _WHO], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "AccessDenied" in ended.stderr
    assert "no role trust policy allows the sts:AssumeRoleWithWebIdentity" in ended.stderr


def _token(world: World, subject: str) -> str:
    request = urllib.request.Request(
        f"{world.endpoint}/_landrail/identity/token",
        data=json.dumps({"secret": world.secret, "sub": subject}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["token"])


def test_credentials_from_a_program(world: World, admin: Person, tmp_path: Any) -> None:
    given = {
        "Version": 1,
        "AccessKeyId": admin.environment["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": admin.environment["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": admin.environment["AWS_SESSION_TOKEN"],
    }
    (tmp_path / "given").write_text(json.dumps(given))
    config = tmp_path / "config"
    config.write_text(f"[profile program]\ncredential_process = cat {tmp_path / 'given'}\n")
    environment = {
        **_without_keys(admin),
        "AWS_CONFIG_FILE": str(config),
        "AWS_PROFILE": "program",
    }
    assert "/OrganizationAccountAccessRole/" in _who(environment)


@pytest.mark.parametrize("style", ["virtual", "path"])
def test_buckets_in_the_host_name_and_in_the_path(admin: Person, bucket: str, style: str) -> None:
    """By AWS's own names, with the local AWS as the proxy that the environment names."""
    program = (
        "import boto3, sys; from botocore.config import Config\n"
        f"s3 = boto3.client('s3', endpoint_url='http://s3.{REGION}.amazonaws.com', "
        f"config=Config(s3={{'addressing_style': '{style}'}}))\n"
        f"s3.put_object(Bucket='{bucket}', Key='by name', Body=b'{style}')\n"
        f"print(s3.get_object(Bucket='{bucket}', Key='by name')['Body'].read().decode())"
    )
    assert admin.start(sys.executable, "-c", program).stdout.strip() == style


def test_a_denial_is_not_tried_again(reader: Person, bucket: str) -> None:
    s3 = reader.client("s3", config=Config(retries={"max_attempts": 5, "mode": "standard"}))
    with pytest.raises(ClientError) as caught:
        s3.delete_object(Bucket=bucket, Key="signed")
    error = caught.value.response
    assert error["Error"]["Code"] == "AccessDenied"
    assert error["ResponseMetadata"]["RetryAttempts"] == 0
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert error["ResponseMetadata"]["RequestId"]
