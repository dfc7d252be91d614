"""Digest files, verified by AWS's own client."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from trail_reading import REGION, bucket_policy, keys, make_bucket, records, until


@pytest.fixture(scope="module")
def delivered(local_aws: Any) -> tuple[Any, str, str]:
    """A trail that delivered twice and stopped twice: two digests, one after the other."""
    account = local_aws.account("digests")
    session = local_aws.administrator(account)
    s3, cloudtrail = local_aws.client("s3", session), local_aws.client("cloudtrail", session)
    arn = f"arn:aws:cloudtrail:{REGION}:{account}:trail/checked"
    bucket = make_bucket(s3, f"checked-{account}", bucket_policy(f"checked-{account}", arn))
    cloudtrail.create_trail(Name="checked", S3BucketName=bucket, EnableLogFileValidation=True)
    for turn in (1, 2):
        cloudtrail.start_logging(Name="checked")
        local_aws.client("sns", session).create_topic(Name=f"topic-{turn}")
        cloudtrail.stop_logging(Name="checked")
        assert until(lambda turn=turn: len(keys(s3, bucket, digests=True)) == turn)
    return session, bucket, arn


def test_each_digest_names_the_one_before(local_aws: Any, delivered: tuple[Any, str, str]) -> None:
    session, bucket, _ = delivered
    s3 = local_aws.client("s3", session)
    first, second = (
        json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
        for key in sorted(keys(s3, bucket, digests=True))
    )
    assert first["previousDigestS3Object"] is None
    assert second["previousDigestS3Object"] == first["digestS3Object"]
    assert second["digestStartTime"] == first["digestEndTime"]
    assert {f["s3Object"] for d in (first, second) for f in d["logFiles"]} == set(keys(s3, bucket))
    names = [r["eventName"] for r in records(s3, bucket)]
    assert names.count("CreateTopic") == 2


def _validate(local_aws: Any, session: Any, arn: str, tmp_path: Path) -> str:
    frozen = session.get_credentials().get_frozen_credentials()
    aws = Path(sys.executable).with_name("aws")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    done = subprocess.run(
        [
            *(str(aws), "cloudtrail", "validate-logs", "--verbose"),
            *("--trail-arn", arn, "--start-time", "2020-01-01T00:00:00Z"),
        ],
        env={
            **kept,
            "AWS_ACCESS_KEY_ID": frozen.access_key,
            "AWS_SECRET_ACCESS_KEY": frozen.secret_key,
            "AWS_SESSION_TOKEN": frozen.token,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": local_aws.endpoint,
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_aws_cli_validates_what_was_delivered(
    local_aws: Any, delivered: tuple[Any, str, str], tmp_path: Path
) -> None:
    session, bucket, arn = delivered
    s3 = local_aws.client("s3", session)
    said = _validate(local_aws, session, arn, tmp_path)
    assert "2/2 digest files valid" in said, said
    assert f"{len(keys(s3, bucket))}/{len(keys(s3, bucket))} log files valid" in said, said
    key = keys(s3, bucket)[0]
    kept = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(b'{"Records": []}'))
    try:
        said = _validate(local_aws, session, arn, tmp_path)
    finally:
        s3.put_object(Bucket=bucket, Key=key, Body=kept)
    assert "hash value doesn't match" in said
    assert "INVALID" in said
