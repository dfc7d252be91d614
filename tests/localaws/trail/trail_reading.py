"""Buckets that CloudTrail may write to, and what it wrote there."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

REGION = "eu-west-1"


def bucket_policy(bucket: str, trail_arn: str, **condition: str) -> dict[str, Any]:
    """The policy that CloudTrail's documentation asks for."""
    service = {"Service": "cloudtrail.amazonaws.com"}
    source = {"aws:SourceArn": trail_arn}
    hand_over = {**source, "s3:x-amz-acl": "bucket-owner-full-control"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Acl",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:GetBucketAcl",
                "Resource": f"arn:aws:s3:::{bucket}",
                "Condition": {"StringEquals": source},
            },
            {
                "Sid": "Write",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
                "Condition": {"StringEquals": {**hand_over, **condition}},
            },
        ],
    }


def make_bucket(s3: Any, bucket: str, policy: dict[str, Any] | None) -> str:
    """A bucket with a policy."""
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    if policy is not None:
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    return bucket


def keys(s3: Any, bucket: str, *, digests: bool = False) -> list[str]:
    """The keys of log files, or of digest files."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    every = [str(each["Key"]) for page in pages for each in page.get("Contents", ())]
    return [key for key in every if ("/CloudTrail-Digest/" in key) == digests]


def records(s3: Any, bucket: str) -> Iterator[dict[str, Any]]:
    """All records of all log files."""
    for key in keys(s3, bucket):
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        yield from json.loads(gzip.decompress(body))["Records"]


def until(found: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What `found` returns once it is true."""
    end = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < end:
        time.sleep(0.1)
    return value
