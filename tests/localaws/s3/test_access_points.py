"""Access points, over real calls: by ARN, alias and host, and who may come through them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from refusals import refusal
from statements import allow, document

REGION = "eu-west-1"
OPEN = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)


@dataclass
class Site:
    """A bucket with one object, its owner, and S3 Control as its owner."""

    account: str
    session: Any
    s3: Any
    control: Any
    bucket: str

    def point(self, name: str, **more: Any) -> str:
        """Make an access point and return its ARN."""
        made = self.control.create_access_point(
            AccountId=self.account, Name=name, Bucket=self.bucket, **more
        )
        return str(made["AccessPointArn"])

    def policy(self, name: str, text: str) -> None:
        """Put the policy of an access point."""
        self.control.put_access_point_policy(AccountId=self.account, Name=name, Policy=text)


@pytest.fixture
def site(local_aws, clients, unique) -> Site:
    account = local_aws.account("points")
    session = local_aws.administrator(account)
    s3 = clients.s3(session)
    bucket = unique("points")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="k", Body=b"data")
    return Site(account, session, s3, clients.control(session), bucket)


def entering(local_aws, account, name, *statements):
    """A session of a new role with these statements."""
    policy = json.loads(document(*statements)) if statements else None
    return local_aws.assume(local_aws.role(account, name, policy))


def read(s3, bucket, key="k"):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def test_what_an_access_point_tells_of_itself(site, unique):
    name = unique("told")
    asked = {"BlockPublicAcls": False}
    arn = site.point(name, PublicAccessBlockConfiguration=asked)
    assert arn == f"arn:aws:s3:{REGION}:{site.account}:accesspoint/{name}"
    own = {"AccountId": site.account, "Name": name}
    told = site.control.get_access_point(**own)
    assert (told["Bucket"], told["NetworkOrigin"]) == (site.bucket, "Internet")
    assert told["BucketAccountId"] == site.account
    assert told["Alias"].endswith("-s3alias")
    assert len(told["Alias"]) <= 63
    blocks = told["PublicAccessBlockConfiguration"]
    assert [setting for setting, on in blocks.items() if not on] == ["BlockPublicAcls"]
    assert told["Endpoints"]["ipv4"] == f"s3-accesspoint.{REGION}.amazonaws.com"
    (listed,) = site.control.list_access_points(AccountId=site.account, Bucket=site.bucket)[
        "AccessPointList"
    ]
    assert listed["AccessPointArn"] == arn
    again = refusal(site.control.create_access_point, **own, Bucket=site.bucket)
    assert again == "AccessPointAlreadyOwnedByYou"
    assert refusal(site.control.get_access_point_policy, **own) == "NoSuchAccessPointPolicy"
    assert refusal(site.s3.delete_bucket, Bucket=site.bucket) == "BucketHasAccessPointsAttached"
    site.control.delete_access_point(**own)
    assert refusal(site.control.get_access_point, **own) == "NoSuchAccessPoint"
    assert refusal(site.s3.get_object, Bucket=told["Alias"], Key="k").startswith("InvalidAccess")


def test_access_points_come_page_by_page(site, unique):
    names = sorted(unique("page") for _ in range(3))
    for name in names:
        site.point(name)
    asked = {"AccountId": site.account, "Bucket": site.bucket, "MaxResults": 2}
    first = site.control.list_access_points(**asked)
    rest = site.control.list_access_points(**asked, NextToken=first["NextToken"])
    found = [point["Name"] for page in (first, rest) for point in page["AccessPointList"]]
    assert found == names
    assert "NextToken" not in rest


@pytest.mark.parametrize("name", ["Upper", "-dash", "dash-", "under_score", "a.dot", "p-s3alias"])
def test_names_that_no_access_point_may_have(site, name):
    assert refusal(partial(site.point, name)) in ("InvalidRequest", "InvalidURI", "InvalidArgument")


def test_data_goes_through_by_arn_by_alias_and_by_host(local_aws, site, unique):
    name = unique("ways")
    arn = site.point(name)
    alias = site.control.get_access_point(AccountId=site.account, Name=name)["Alias"]
    by_path = local_aws.client("s3", site.session)
    for s3, bucket in ((site.s3, arn), (by_path, alias), (site.s3, alias)):
        assert read(s3, bucket) == b"data"
        s3.put_object(Bucket=bucket, Key="a b/ü", Body=b"new")
        assert read(site.s3, site.bucket, "a b/ü") == b"new"
        keys = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]]
        assert keys == ["a b/ü", "k"]
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": arn, "Key": "k"})
        gone = s3.delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": "copy"}, {"Key": "a b/ü"}]}
        )
        assert len(gone["Deleted"]) == 2
    begun = site.s3.create_multipart_upload(Bucket=arn, Key="parts")["UploadId"]
    part = site.s3.upload_part(Bucket=arn, Key="parts", UploadId=begun, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    site.s3.complete_multipart_upload(
        Bucket=arn, Key="parts", UploadId=begun, MultipartUpload=parts
    )
    assert read(site.s3, site.bucket, "parts") == b"x"
    refused = refusal(site.s3.put_bucket_versioning, Bucket=alias, VersioningConfiguration={})
    assert refused == "MethodNotAllowed"


def test_access_point_and_bucket_must_both_allow(local_aws, clients, site, unique):
    name = unique("both")
    arn = site.point(name)
    whole = f"arn:aws:s3:::{site.bucket}/*"
    through = f"{arn}/object/*"
    for resources, allowed in (((whole, through), True), ((whole,), False), ((through,), False)):
        role = entering(
            local_aws, site.account, unique("r"), allow("s3:GetObject", list(resources))
        )
        if allowed:
            assert read(clients.s3(role), arn) == b"data"
        else:
            assert refusal(partial(read, clients.s3(role), arn)) == "AccessDenied"


def test_a_bucket_delegates_to_the_access_points_of_an_account(local_aws, clients, site, unique):
    name = unique("delegated")
    arn = site.point(name)
    role = local_aws.role(site.account, unique("r"))
    s3 = clients.s3(local_aws.assume(role))
    site.policy(name, document(allow("s3:GetObject", f"{arn}/object/*", Principal={"AWS": role})))
    assert refusal(partial(read, s3, arn)) == "AccessDenied"
    own = [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]
    delegated = {
        **allow("s3:*", own, Principal={"AWS": "*"}),
        "Condition": {"StringEquals": {"s3:DataAccessPointAccount": site.account}},
    }
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(delegated))
    assert read(s3, arn) == b"data"
    assert refusal(partial(read, s3, site.bucket)) == "AccessDenied"
    site.policy(
        name,
        document(
            allow("s3:GetObject", f"{arn}/object/*", Principal={"AWS": role}),
            {**allow("s3:GetObject", f"{arn}/object/k", Principal="*"), "Effect": "Deny"},
        ),
    )
    assert refusal(partial(read, s3, arn)) == "AccessDenied"


def test_an_access_point_of_another_account(local_aws, clients, site, unique):
    other = local_aws.account("points-elsewhere")
    session = local_aws.administrator(other)
    control, s3 = clients.control(session), clients.s3(session)
    own = {"AccountId": other, "Name": unique("cross")}
    assert refusal(control.create_access_point, **own, Bucket=site.bucket) == "AccessDenied"
    arn = control.create_access_point(**own, Bucket=site.bucket, BucketAccountId=site.account)[
        "AccessPointArn"
    ]
    assert refusal(partial(read, s3, arn)) == "AccessDenied"
    delegated = {
        **allow("s3:*", f"arn:aws:s3:::{site.bucket}/*", Principal={"AWS": "*"}),
        "Condition": {"StringEquals": {"s3:DataAccessPointAccount": other}},
    }
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(delegated))
    assert read(s3, arn) == b"data"
    assert refusal(site.control.get_access_point_policy, **own) == "AccessDenied"


def test_conditions_on_the_access_point_of_a_request(site, unique):
    first, second = unique("first"), unique("second")
    arns = site.point(first), site.point(second)
    deny = {
        **allow("s3:GetObject", f"arn:aws:s3:::{site.bucket}/*", Principal="*"),
        "Effect": "Deny",
        "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": arns[0]}},
    }
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(deny))
    assert read(site.s3, arns[0]) == b"data"
    assert refusal(partial(read, site.s3, arns[1])) == "AccessDenied"
    assert refusal(partial(read, site.s3, site.bucket)) == "AccessDenied"


def test_access_points_for_the_internet_can_be_forbidden(local_aws, clients, site, unique):
    outside = {
        **allow("s3:CreateAccessPoint", "*"),
        "Effect": "Deny",
        "Condition": {"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}},
    }
    session = entering(local_aws, site.account, unique("r"), allow("s3:*", "*"), outside)
    asked = {"AccountId": site.account, "Name": unique("forbidden"), "Bucket": site.bucket}
    control = clients.control(session)
    assert refusal(control.create_access_point, **asked) == "AccessDenied"
    control.create_access_point(**asked, VpcConfiguration={"VpcId": "vpc-0a1b2c3d"})
    told = control.get_access_point(AccountId=site.account, Name=asked["Name"])
    assert told["NetworkOrigin"] == "VPC"
    assert refusal(partial(read, site.s3, told["AccessPointArn"])) == "AccessDenied"


def test_public_only_where_every_level_lets_it(local_aws, clients, site, unique):
    name = unique("public")
    arn = site.point(name, PublicAccessBlockConfiguration=OPEN)
    stranger = clients.s3(local_aws.administrator(local_aws.account("points-elsewhere")))
    public = document(allow("s3:GetObject", f"{arn}/object/*", Principal="*"))
    assert refusal(partial(site.policy, name, public)) == "AccessDenied"
    site.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration=OPEN)
    site.policy(name, public)
    own = {"AccountId": site.account, "Name": name}
    assert site.control.get_access_point_policy_status(**own)["PolicyStatus"]["IsPublic"]
    opened = document(allow("s3:GetObject", f"arn:aws:s3:::{site.bucket}/*", Principal="*"))
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=opened)
    assert read(stranger, arn) == b"data"
    block = {"AccountId": site.account, "PublicAccessBlockConfiguration": OPEN}
    restricted = {**OPEN, "RestrictPublicBuckets": True}
    site.control.put_public_access_block(**{**block, "PublicAccessBlockConfiguration": restricted})
    try:
        assert refusal(partial(read, stranger, arn)) == "AccessDenied"
        assert read(site.s3, arn) == b"data"
    finally:
        site.control.put_public_access_block(**block)
    closed = unique("closed")
    shut = site.point(closed)
    assert refusal(partial(site.policy, closed, public.replace(arn, shut))) == "AccessDenied"


def test_policies_of_access_points_name_nothing_else(site, unique):
    name = unique("named")
    arn = site.point(name)
    owner = {"AWS": site.account}
    bucket = document(allow("s3:GetObject", f"arn:aws:s3:::{site.bucket}/*", Principal=owner))
    assert refusal(partial(site.policy, name, bucket)) == "MalformedPolicy"
    site.policy(name, document(allow("s3:GetObject", f"{arn}/object/*", Principal=owner)))
    own = {"AccountId": site.account, "Name": name}
    assert arn in site.control.get_access_point_policy(**own)["Policy"]
    site.control.delete_access_point_policy(**own)
    assert refusal(site.control.get_access_point_policy, **own) == "NoSuchAccessPointPolicy"


def test_other_kinds_of_access_points_are_refused_by_name(site, unique):
    control = site.control
    several = {"Name": unique("m"), "Regions": [{"Bucket": site.bucket}]}
    mrap = {"AccountId": site.account, "ClientToken": "t", "Details": several}
    assert refusal(control.create_multi_region_access_point, **mrap) == "NotImplemented"
    directory = {"AccountId": site.account, "Name": unique("d"), "Bucket": "b--euw1-az1--x-s3"}
    assert refusal(control.create_access_point, **directory) == "NotImplemented"
