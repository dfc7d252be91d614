"""S3's public access settings against real calls: refused by name, and the twin that succeeds."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from statements import allow, document


def _policy(bucket: str, principal: Any) -> str:
    return document(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal=principal))


def test_a_public_policy_is_refused_where_the_bucket_blocks_it(local_aws, unique):
    account = local_aws.account("public-block")
    s3 = local_aws.client("s3", local_aws.administrator(account))
    bucket = unique("blocked")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    block = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy"), True)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    with pytest.raises(ClientError, match="BlockPublicPolicy"):
        s3.put_bucket_policy(Bucket=bucket, Policy=_policy(bucket, "*"))
    with pytest.raises(ClientError, match="BlockPublicAcls"):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x", ACL="public-read")
    s3.put_bucket_policy(Bucket=bucket, Policy=_policy(bucket, {"AWS": account}))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=_policy(bucket, "*"))
