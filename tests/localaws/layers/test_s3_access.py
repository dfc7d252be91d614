"""S3 beside its policies, over real calls: lists, ownership, the organization's settings, anybody's
requests, and deletions of many keys; each refusal with the twin that succeeds."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.config import Config
from refusals import refusal
from statements import allow, document

from landrail.localaws.store import canonical_id

WHERE = {"LocationConstraint": "eu-west-1"}
OFF = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)


@pytest.fixture
def bucket(local_aws: Any, unique: Any) -> tuple[Any, str, str]:
    """A client of an administrator, its account, and a new bucket of it."""
    account = local_aws.account("lists")
    s3 = local_aws.client("s3", local_aws.administrator(account))
    name = unique("lists")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=WHERE, ObjectOwnership="ObjectWriter")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=OFF)
    return s3, account, name


def fetched(local_aws: Any, path: str) -> int:
    """The status of an unsigned request."""
    try:
        with urllib.request.urlopen(f"{local_aws.endpoint}/{path}") as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_anybody_reads_what_a_list_opens(local_aws, bucket):
    s3, _, name = bucket
    s3.put_object(Bucket=name, Key="open", Body=b"x", ACL="public-read")
    s3.put_object(Bucket=name, Key="closed", Body=b"x")
    assert fetched(local_aws, f"{name}/open") == 200
    assert fetched(local_aws, f"{name}/closed") == 403
    assert fetched(local_aws, name) == 403
    ignored = {**OFF, "IgnorePublicAcls": True}
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=ignored)
    assert fetched(local_aws, f"{name}/open") == 403


def test_anybody_reads_what_a_policy_opens(local_aws, bucket):
    s3, _, name = bucket
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    assert fetched(local_aws, f"{name}/k") == 403
    policy = document(allow("s3:GetObject", f"arn:aws:s3:::{name}/*", Principal="*"))
    s3.put_bucket_policy(Bucket=name, Policy=policy)
    assert fetched(local_aws, f"{name}/k") == 200
    restricted = {**OFF, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=restricted)
    assert fetched(local_aws, f"{name}/k") == 403


def test_lists_name_accounts_by_their_canonical_ids(local_aws, bucket):
    s3, account, name = bucket
    other = local_aws.account("reader")
    theirs = local_aws.client("s3", local_aws.administrator(other))
    assert s3.list_buckets()["Owner"]["ID"] == canonical_id(account)
    assert s3.get_bucket_acl(Bucket=name)["Owner"]["ID"] == canonical_id(account)
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    assert refusal(theirs.get_object, Bucket=name, Key="k") == "AccessDenied"
    granted = theirs.list_buckets()["Owner"]["ID"]
    s3.put_object_acl(Bucket=name, Key="k", GrantRead=f'id="{granted}"')
    assert theirs.get_object(Bucket=name, Key="k")["Body"].read() == b"x"
    assert refusal(theirs.get_object_acl, Bucket=name, Key="k") == "AccessDenied"


def test_a_bucket_that_its_owner_has_whole_takes_no_lists(local_aws, bucket, unique):
    s3, account, _ = bucket
    name = unique("whole")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=WHERE)
    code = "AccessControlListNotSupported"
    assert refusal(s3.put_object, Bucket=name, Key="k", Body=b"x", ACL="private") == code
    assert refusal(s3.put_bucket_acl, Bucket=name, ACL="private") == code
    own = canonical_id(account)
    grants = [{"Grantee": {"Type": "CanonicalUser", "ID": own}, "Permission": "FULL_CONTROL"}]
    policy = {"Grants": grants, "Owner": {"ID": own}}
    s3.put_bucket_acl(Bucket=name, AccessControlPolicy=policy)
    s3.put_object(Bucket=name, Key="k", Body=b"x", ACL="bucket-owner-full-control")
    public = {"Bucket": unique("public"), "CreateBucketConfiguration": WHERE, "ACL": "public-read"}
    assert refusal(s3.create_bucket, **public) == "InvalidBucketAclWithObjectOwnership"
    preferred = {**public, "ObjectOwnership": "BucketOwnerPreferred"}
    assert refusal(s3.create_bucket, **preferred) == "InvalidBucketAclWithBlockPublicAccessError"
    s3.create_bucket(**{**preferred, "ACL": "log-delivery-write"})


def test_objects_of_other_accounts_than_the_buckets_are_refused_by_name(local_aws, bucket):
    s3, _, name = bucket
    other = local_aws.account("reader")
    theirs = local_aws.client("s3", local_aws.administrator(other))
    actions, every = ["s3:PutObject", "s3:PutObjectAcl"], f"arn:aws:s3:::{name}/*"
    s3.put_bucket_policy(
        Bucket=name, Policy=document(allow(actions, every, Principal={"AWS": other}))
    )
    assert refusal(theirs.put_object, Bucket=name, Key="k", Body=b"x") == "NotImplemented"
    preferred = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=preferred)
    theirs.put_object(Bucket=name, Key="k", Body=b"x", ACL="bucket-owner-full-control")
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=enforced)
    theirs.put_object(Bucket=name, Key="k", Body=b"y")


def test_the_organization_sets_the_public_access_of_an_account(local_aws, unique):
    account = local_aws.account("org-blocked")
    s3 = local_aws.client("s3", local_aws.administrator(account))
    control = _control(local_aws, local_aws.administrator(account))
    organizations = local_aws.client("organizations")
    root = organizations.list_roots()["Roots"][0]
    if all(kind["Type"] != "S3_POLICY" for kind in root["PolicyTypes"]):
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="S3_POLICY")
    content = {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}
    made = organizations.create_policy(
        Name=unique("s3"), Description="", Type="S3_POLICY", Content=json.dumps(content)
    )["Policy"]["PolicySummary"]
    assert made["Type"] == "S3_POLICY"
    assert ":policy/" in made["Arn"]
    assert "s3_policy" in made["Arn"]
    name = unique("blocked")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=WHERE)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=OFF)
    policy = document(allow("s3:GetObject", f"arn:aws:s3:::{name}/*", Principal="*"))
    s3.put_bucket_policy(Bucket=name, Policy=policy)
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    assert fetched(local_aws, f"{name}/k") == 200
    organizations.attach_policy(PolicyId=made["Id"], TargetId=account)
    assert fetched(local_aws, f"{name}/k") == 403
    assert refusal(s3.put_bucket_policy, Bucket=name, Policy=policy) == "AccessDenied"
    block = {"AccountId": account, "PublicAccessBlockConfiguration": OFF}
    assert refusal(control.put_public_access_block, **block) == "AccessDenied"
    organizations.detach_policy(PolicyId=made["Id"], TargetId=account)
    assert fetched(local_aws, f"{name}/k") == 200
    control.put_public_access_block(**block)


def _control(local_aws: Any, session: boto3.Session) -> Any:
    """S3 Control puts the account before the host's name: reached through the proxy."""
    config = Config(proxies={"http": local_aws.endpoint}, retries={"max_attempts": 0})
    return session.client(
        "s3control",
        endpoint_url=f"http://s3-control.{session.region_name}.amazonaws.com",
        config=config,
    )


def test_many_keys_are_deleted_each_by_its_own_permission(local_aws, bucket, unique):
    s3, account, name = bucket
    for key in ("mine/a", "mine/b", "theirs/c"):
        s3.put_object(Bucket=name, Key=key, Body=b"x")
    statement = {
        "Effect": "Allow",
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{name}/mine/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    session = local_aws.assume(local_aws.role(account, unique("deleter"), policy))
    deleter = local_aws.client("s3", session)
    keys = [{"Key": key} for key in ("mine/a", "theirs/c", "mine/b")]
    done = deleter.delete_objects(Bucket=name, Delete={"Objects": keys})
    assert sorted(d["Key"] for d in done["Deleted"]) == ["mine/a", "mine/b"]
    (error,) = done["Errors"]
    assert (error["Key"], error["Code"]) == ("theirs/c", "AccessDenied")
    assert "s3:DeleteObject" in error["Message"]
    event = local_aws.event(error["Message"].rpartition("[explain: ")[2].rstrip("]"))
    assert event["landrail"]["decision"] == "IMPLICIT_DENY"
    assert event["landrail"]["resource"] == f"arn:aws:s3:::{name}/theirs/c"
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=name)["Contents"]] == ["theirs/c"]
    left = deleter.delete_objects(Bucket=name, Delete={"Objects": keys[1:2], "Quiet": True})
    assert "Deleted" not in left
    assert [e["Key"] for e in left["Errors"]] == ["theirs/c"]
    done = s3.delete_objects(Bucket=name, Delete={"Objects": keys[1:2]})
    assert [d["Key"] for d in done["Deleted"]] == ["theirs/c"]
    assert "Errors" not in done


def test_policies_see_how_a_request_was_signed(local_aws, bucket):
    s3, _, name = bucket
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    v4 = Config(signature_version="s3v4")
    signer = local_aws.client("s3", local_aws.administrator(local_aws.account("lists")), config=v4)
    url = signer.generate_presigned_url("get_object", {"Bucket": name, "Key": "k"})
    path = url.removeprefix(f"{local_aws.endpoint}/")
    for condition, by_url, by_header in (
        ({"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}, 403, True),
        ({"StringEquals": {"s3:authType": "REST-HEADER"}}, 200, False),
        ({"NumericLessThan": {"s3:signatureAge": "600000"}}, 403, True),
        ({"NumericGreaterThan": {"s3:signatureAge": "600000"}}, 200, True),
        ({"StringNotEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}, 200, True),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, 200, True),
    ):
        statement = {**deny, "Condition": condition}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        s3.put_bucket_policy(Bucket=name, Policy=policy)
        assert fetched(local_aws, path) == by_url, condition
        if by_header:
            assert s3.get_object(Bucket=name, Key="k")["Body"].read() == b"x", condition
        else:
            assert refusal(s3.get_object, Bucket=name, Key="k") == "AccessDenied"
