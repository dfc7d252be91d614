"""A disk that is full, a folder that may not be written to, and what a kill leaves lying about."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from . import server
from .server import REGION, Server

BUCKET = "disk-objects"
_BLOCK = 512


def bucket(running: Server) -> Any:
    s3 = running.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return s3


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**given)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    return str(caught.value.response["Error"]["Message"])


@pytest.fixture
def ended() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for running in started:
        if running.process.poll() is None:
            running.kill()


def test_what_does_not_fit_on_the_disk_is_refused_and_nothing_else_is_lost(
    tmp_path: Path, ended: list[Server]
) -> None:
    # No file longer than 1.5 MB may be written, which is how a full disk looks to who writes.
    ended.append(server.start(tmp_path, limit=f"ulimit -f {(3 << 19) // _BLOCK}"))
    s3 = bucket(ended[-1])
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"small")
    s3.put_object(Bucket=BUCKET, Key="fits", Body=b"x" * (1 << 20))
    said = refused(s3.put_object, Bucket=BUCKET, Key="large", Body=b"y" * (2 << 20))
    assert "cannot write to its state folder" in said
    s3.put_object(Bucket=BUCKET, Key="after", Body=b"after")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert keys == ["after", "fits", "small"]
    ended[-1].kill()
    ended.append(server.start(tmp_path))
    s3 = ended[-1].client("s3")
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == keys
    assert s3.get_object(Bucket=BUCKET, Key="fits")["Body"].read() == b"x" * (1 << 20)
    s3.put_object(Bucket=BUCKET, Key="large", Body=b"y" * (2 << 20))


def test_a_journal_that_cannot_grow_refuses_each_change(
    tmp_path: Path, ended: list[Server]
) -> None:
    ended.append(server.start(tmp_path))
    ssm = ended[-1].client("ssm")
    written = 0
    with sqlite3.connect(tmp_path / "journal.sqlite") as other:
        other.execute("BEGIN IMMEDIATE")  # somebody else holds it, and does not let go
        said = refused(ssm.put_parameter, Name="/a", Value="1", Type="String")
        assert "cannot write to its state folder" in said
        other.rollback()
    ssm.put_parameter(Name="/b", Value="1", Type="String")
    written += 1
    names = [p["Name"] for p in ssm.describe_parameters()["Parameters"]]
    assert names == ["/b"]
    assert written == 1


def bodies(state: Path) -> set[str]:
    return {path.name for path in (state / "bodies").glob("??/*")}


def test_bodies_are_files_by_digest_and_those_of_nothing_are_removed(
    tmp_path: Path, ended: list[Server]
) -> None:
    ended.append(server.start(tmp_path))
    s3 = bucket(ended[-1])
    kept, dropped, whole = (letter * 50_000 for letter in (b"k", b"d", b"w"))
    s3.put_object(Bucket=BUCKET, Key="kept", Body=kept)
    for key, body in (("dropped", dropped), ("whole", whole)):
        named = {"Bucket": BUCKET, "Key": key}
        named["UploadId"] = s3.create_multipart_upload(**named)["UploadId"]
        tag = s3.upload_part(**named, PartNumber=1, Body=body)["ETag"]
        if key == "dropped":
            s3.abort_multipart_upload(**named)
        else:
            parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
            s3.complete_multipart_upload(**named, MultipartUpload=parts)
    wanted = {hashlib.sha256(body).hexdigest() for body in (kept, whole)}
    assert wanted < bodies(tmp_path)
    (tmp_path / "bodies" / "incoming" / "half").write_bytes(b"half")
    (tmp_path / "blobs" / "incoming" / "half").write_bytes(b"half")
    ended[-1].kill()
    ended.append(server.start(tmp_path))
    assert bodies(tmp_path) == wanted
    assert list(tmp_path.glob("*/incoming/*")) == []
    s3 = ended[-1].client("s3")
    for key, body in (("kept", kept), ("whole", whole)):
        assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == body


def test_the_folder_is_its_owners_alone(tmp_path: Path, ended: list[Server]) -> None:
    state = tmp_path / "state"
    before = os.umask(0)
    try:
        ended.append(server.start(state))
    finally:
        os.umask(before)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
