"""Four layers keep S3 from the public: each alone stops requests that nobody signed, and with none
of them such a request is answered. What is read, is read by plain HTTP, by no client of AWS."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from refusals import refusal
from statements import allow, document

from landrail.guardrails import Facts, guardrails
from landrail.resources import Token, substitute

REGION = "eu-west-1"
ALL = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ON, OFF = dict.fromkeys(ALL, True), dict.fromkeys(ALL, False)
EVERYBODY = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
DATA = b"data for nobody"


@dataclass
class Open:
    """An account whose buckets nothing keeps closed, and a bucket in it."""

    local: Any
    account: str
    s3: Any
    control: Any
    bucket: str

    def status(self, url: str | None = None, method: str = "GET", body: bytes | None = None) -> int:
        """The HTTP status of a request that is not signed."""
        asked = url or f"{self.local.endpoint}/{self.bucket}/k"
        request = urllib.request.Request(asked, data=body, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                assert method != "GET" or answer.read() == DATA or "list-type" in asked
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code


@pytest.fixture(scope="module")
def owner(local_aws: Any) -> tuple[str, Any]:
    account = local_aws.account("public-layers")
    return account, local_aws.administrator(account)


@pytest.fixture
def site(local_aws: Any, owner: tuple[str, Any], clients: Any, unique: Any) -> Iterator[Open]:
    account, session = owner
    made = Open(local_aws, account, clients.s3(session), clients.control(session), unique("layers"))
    where = {"LocationConstraint": REGION}
    made.s3.create_bucket(
        Bucket=made.bucket, CreateBucketConfiguration=where, ObjectOwnership="ObjectWriter"
    )
    made.s3.put_public_access_block(Bucket=made.bucket, PublicAccessBlockConfiguration=OFF)
    made.s3.put_object(Bucket=made.bucket, Key="k", Body=DATA)
    yield made
    made.control.delete_public_access_block(AccountId=account)


def by_policy(site: Open) -> None:
    granted = allow("s3:GetObject", f"arn:aws:s3:::{site.bucket}/*", Principal="*")
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(granted))


def by_canned_list(site: Open) -> None:
    site.s3.put_object_acl(Bucket=site.bucket, Key="k", ACL="public-read")


def by_grant(site: Open) -> None:
    site.s3.put_object_acl(Bucket=site.bucket, Key="k", GrantRead=EVERYBODY)


WAYS = (by_policy, by_canned_list, by_grant)


@pytest.mark.parametrize("way", WAYS)
def test_without_any_layer_anybody_reads(site: Open, way: Callable[[Open], None]) -> None:
    assert site.status() == 403
    way(site)
    assert site.status() == 200


def organization(site: Open) -> Callable[[], None]:
    """An S3 policy of the organization, on this account."""
    policy = guardrails()["s3-organization-block"].organization_policy
    assert policy is not None
    return _attached(site, policy.type, json.dumps(policy.content))


def of_account(site: Open) -> Callable[[], None]:
    """The account's own block."""
    site.control.put_public_access_block(AccountId=site.account, PublicAccessBlockConfiguration=ON)
    return lambda: site.control.delete_public_access_block(AccountId=site.account)


def of_bucket(site: Open) -> Callable[[], None]:
    """The bucket's own block."""
    site.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration=ON)
    return lambda: site.s3.delete_public_access_block(Bucket=site.bucket)


def of_policies(site: Open) -> Callable[[], None]:
    """The resource control policy that every bucket of the organization is under."""
    statements = guardrails()["deny-public-buckets"].resource_statements(Facts("acme-ml", REGION))
    identity = site.local.client("organizations").describe_organization()["Organization"]["Id"]
    known = {Token("organization", ""): identity}
    stated = substitute([dict(one) for one in statements], known)
    content = {"Version": "2012-10-17", "Statement": stated}
    return _attached(site, "RESOURCE_CONTROL_POLICY", json.dumps(content))


def of_bucket_policy(site: Open) -> Callable[[], None]:
    """A denial in the bucket's own policy, beside whatever it grants."""
    try:
        before = json.loads(site.s3.get_bucket_policy(Bucket=site.bucket)["Policy"])["Statement"]
    except site.s3.exceptions.from_code("NoSuchBucketPolicy"):
        before = []
    resources = [f"arn:aws:s3:::{site.bucket}", f"arn:aws:s3:::{site.bucket}/*"]
    outside = {"StringNotEquals": {"aws:PrincipalAccount": site.account}}
    denial = allow("s3:*", resources, Principal="*", Condition=outside) | {"Effect": "Deny"}
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(*before, denial))
    return lambda: (
        site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(*before))
        if before
        else site.s3.delete_bucket_policy(Bucket=site.bucket)
    )


def _attached(site: Open, kind: str, content: str) -> Callable[[], None]:
    organizations = site.local.client("organizations")
    root = organizations.list_roots()["Roots"][0]
    if kind not in {one["Type"] for one in root["PolicyTypes"]}:
        organizations.enable_policy_type(RootId=root["Id"], PolicyType=kind)
    made = organizations.create_policy(
        Name=f"layer-{site.bucket}", Description="", Type=kind, Content=content
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=made, TargetId=site.account)

    def gone() -> None:
        organizations.detach_policy(PolicyId=made, TargetId=site.account)
        organizations.delete_policy(PolicyId=made)

    return gone


LAYERS = (organization, of_account, of_bucket, of_policies, of_bucket_policy)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_alone_stops_them(
    site: Open, layer: Callable[[Open], Callable[[], None]], way: Callable[[Open], None]
) -> None:
    way(site)
    assert site.status() == 200
    lifted = layer(site)
    try:
        assert site.status() == 403
        assert site.s3.get_object(Bucket=site.bucket, Key="k")["Body"].read() == DATA
    finally:
        lifted()
    assert site.status() == 200


@pytest.mark.parametrize("at", ["account", "bucket"])
@pytest.mark.parametrize(
    ("setting", "way", "status"),
    [
        ("IgnorePublicAcls", by_canned_list, 403),
        ("IgnorePublicAcls", by_policy, 200),
        ("RestrictPublicBuckets", by_policy, 403),
        ("RestrictPublicBuckets", by_canned_list, 200),
        ("BlockPublicAcls", by_canned_list, 200),
        ("BlockPublicPolicy", by_policy, 200),
    ],
)
def test_each_setting_is_about_its_own_way(
    site: Open, at: str, setting: str, way: Callable[[Open], None], status: int
) -> None:
    way(site)
    block = {"PublicAccessBlockConfiguration": {**OFF, setting: True}}
    if at == "bucket":
        site.s3.put_public_access_block(Bucket=site.bucket, **block)
    else:
        site.control.put_public_access_block(AccountId=site.account, **block)
    assert site.status() == status


def test_lists_and_policies_are_told_apart(site: Open) -> None:
    """A bucket may have both: what restricts public policies leaves public lists as they are."""
    by_canned_list(site)
    by_policy(site)
    block = {**OFF, "RestrictPublicBuckets": True}
    site.s3.put_public_access_block(Bucket=site.bucket, PublicAccessBlockConfiguration=block)
    assert site.status() == 403
    site.s3.delete_bucket_policy(Bucket=site.bucket)
    assert site.status() == 200


def test_anybody_lists_where_the_list_of_the_bucket_says_so(site: Open) -> None:
    listing = f"{site.local.endpoint}/{site.bucket}?list-type=2"
    assert site.status(listing) == 403
    site.s3.put_bucket_acl(Bucket=site.bucket, ACL="public-read")
    assert site.status(listing) == 200
    lifted = of_account(site)
    assert site.status(listing) == 403
    lifted()


def test_anybody_writes_where_the_policy_says_so(site: Open) -> None:
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    site.s3.put_bucket_ownership_controls(Bucket=site.bucket, OwnershipControls=enforced)
    url = f"{site.local.endpoint}/{site.bucket}/new"
    granted = allow("s3:PutObject", f"arn:aws:s3:::{site.bucket}/*", Principal={"AWS": "*"})
    assert site.status(url, "PUT", b"x") == 403
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(granted))
    assert site.status(url, "PUT", b"x") == 200
    lifted = of_account(site)
    assert site.status(url, "PUT", b"x") == 403
    lifted()


def test_anybody_with_an_account_is_everybody(site: Open, local_aws: Any, clients: Any) -> None:
    stranger = clients.s3(local_aws.administrator(local_aws.account("public-stranger")))
    site.s3.put_object_acl(Bucket=site.bucket, Key="k", ACL="authenticated-read")
    assert site.status() == 403
    assert stranger.get_object(Bucket=site.bucket, Key="k")["Body"].read() == DATA
    lifted = of_account(site)
    assert refusal(stranger.get_object, Bucket=site.bucket, Key="k") == "AccessDenied"
    lifted()


def public_point(site: Open) -> str:
    """A URL through an access point whose policy lets everybody in, and whose bucket leaves it to
    its access points who comes."""
    name = f"open-{site.bucket[-10:]}"
    point = site.control.create_access_point(
        AccountId=site.account, Name=name, Bucket=site.bucket, PublicAccessBlockConfiguration=OFF
    )
    resource = f"{point['AccessPointArn']}/object/*"
    site.control.put_access_point_policy(
        AccountId=site.account,
        Name=name,
        Policy=document(allow("s3:GetObject", resource, Principal="*")),
    )
    delegated = allow(
        "s3:GetObject",
        f"arn:aws:s3:::{site.bucket}/*",
        Principal="*",
        Condition={"StringEquals": {"s3:DataAccessPointAccount": site.account}},
    )
    site.s3.put_bucket_policy(Bucket=site.bucket, Policy=document(delegated))
    return f"{site.local.endpoint}/{point['Alias']}/k"


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_alone_stops_them_at_access_points(
    site: Open, layer: Callable[[Open], Callable[[], None]]
) -> None:
    url = public_point(site)
    assert (site.status(url), site.status()) == (200, 403)
    lifted = layer(site)
    try:
        assert site.status(url) == 403
    finally:
        lifted()
    assert site.status(url) == 200


@pytest.mark.parametrize("layer", [organization, of_account, of_bucket])
def test_under_a_block_nothing_public_is_made(
    site: Open, layer: Callable[[Open], Callable[[], None]]
) -> None:
    lifted = layer(site)
    try:
        for way in WAYS:
            with pytest.raises(ClientError, match="AccessDenied"):
                way(site)
    finally:
        lifted()
