"""Clients as they come: virtual hosts through a proxy, multipart, the AWS command line, two at
once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from botocore.config import Config

MEGABYTE = 1 << 20


@pytest.fixture
def bucket(local_aws, unique):
    name = unique("clients")
    local_aws.client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return name


def _proxied(local_aws, service, **s3):
    config = Config(proxies={"http": local_aws.endpoint}, s3=s3 or None)
    return local_aws.bootstrap.client(service, use_ssl=False, config=config)


def test_a_bucket_in_the_host_name(local_aws, unique):
    s3 = _proxied(local_aws, "s3", addressing_style="virtual")
    name = unique("virtual")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=name, Key="a/b c", Body=b"x")
    assert s3.get_object(Bucket=name, Key="a/b c")["Body"].read() == b"x"
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=name)["Contents"]] == ["a/b c"]


def test_an_account_in_the_host_name(local_aws):
    control = _proxied(local_aws, "s3control")
    account = local_aws.management_account
    settings = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=settings)
    found = control.get_public_access_block(AccountId=account)["PublicAccessBlockConfiguration"]
    assert found["BlockPublicAcls"]
    control.delete_public_access_block(AccountId=account)


def test_a_large_object_in_parts_and_a_piece_of_it(local_aws, bucket):
    s3 = local_aws.client("s3")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    known = {"Bucket": bucket, "Key": "m", "UploadId": upload}
    bodies = {1: b"a" * (5 * MEGABYTE), 2: b"b" * 100}
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(**known, PartNumber=n, Body=body)["ETag"]}
        for n, body in bodies.items()
    ]
    s3.complete_multipart_upload(**known, MultipartUpload={"Parts": parts})
    assert s3.head_object(Bucket=bucket, Key="m")["ContentLength"] == 5 * MEGABYTE + 100
    piece = s3.get_object(Bucket=bucket, Key="m", Range=f"bytes={5 * MEGABYTE - 1}-{5 * MEGABYTE}")
    assert piece["Body"].read() == b"ab"


def test_the_aws_command_line(local_aws, bucket, tmp_path):
    keys = local_aws.bootstrap.get_credentials()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": local_aws.endpoint,
    }

    def aws(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, str(Path(sys.executable).parent / "aws"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    file = tmp_path / "file"
    file.write_bytes(os.urandom(1000))
    aws("s3", "cp", str(file), f"s3://{bucket}/file")
    assert "file" in aws("s3", "ls", f"s3://{bucket}")
    aws("s3", "cp", f"s3://{bucket}/file", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == file.read_bytes()
    assert local_aws.management_account in aws("sts", "get-caller-identity")


def test_two_clients_at_once(local_aws, bucket):
    failures: list[BaseException] = []

    def work(name: str) -> None:
        s3 = local_aws.client("s3")
        try:
            for number in range(20):
                s3.put_object(Bucket=bucket, Key=f"{name}/{number}", Body=name.encode())
                s3.list_objects_v2(Bucket=bucket, Prefix=name)
        except Exception as error:  # noqa: BLE001  (handed to the test's own thread)
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert local_aws.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 40
