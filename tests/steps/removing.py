"""Taking one allow away from a platform that stands, as its keeper could by hand, and putting it
back."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.access.matrix_run import Stage
from tests.steps.grants import Where
from tests.steps.steps_world import Steps

Document = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a policy is kept: how it is read, and written."""

    read: Callable[[], Document]
    write: Callable[[Document], object]


@contextlib.contextmanager
def without(steps: Steps, where: Where) -> Iterator[None]:
    """The platform without one action of one statement, for as long as it takes."""
    place, sid, action = where
    policy = _place(steps, place)
    whole = policy.read()
    less = []
    for number, one in enumerate(whole["Statement"], 1):
        written = one["Action"]
        actions = [written] if isinstance(written, str) else written
        if sid in (one.get("Sid"), str(number)) and action in actions:
            kept = [each for each in actions if each != action]
            less += [{**one, "Action": kept}] if kept else []
        else:
            less.append(one)
    assert less != whole["Statement"], where
    # A policy says something: without its only statement, it speaks to nobody there is.
    nothing = [{**whole["Statement"][0], "Effect": "Deny", **_NOBODY}]
    policy.write({**whole, "Statement": less or nothing})
    try:
        yield
    finally:
        policy.write(whole)


_NOBODY = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "000000000000"}}}


def _place(steps: Steps, place: str) -> Place:
    found = re.match(
        r"(?:(bucket|key|images|versions|endpoint|trust of) )?([^@]+)(?:@(.+))?$", place
    )
    assert found is not None
    kind, name, account = found[1] or "role", found[2], found[3]
    if kind == "bucket":
        account = "data-prod" if "lake" in name else "shared-prod"
        name = f"{name}-{steps.platform.ids[account]}"
    return _KINDS[kind](Keeper(steps, account or "shared-prod"), name)


class Keeper:
    """Who holds the account's emergency role, whom guardrails exempt."""

    def __init__(self, steps: Steps, account: str) -> None:
        self._stage = Stage(steps.platform)
        self._account = account

    def do(self, call: str, **params: Any) -> dict[str, Any]:
        """Make a call."""
        identity = self._stage.identity(self._account, "break-glass")
        return self._stage.do(identity, call, **params)


def _role(keeper: Keeper, name: str) -> Place:
    inline = keeper.do("iam:ListRolePolicies", RoleName=name)["PolicyNames"]
    if not inline:
        return _managed(keeper, name)
    named = {"RoleName": name, "PolicyName": inline[0]}
    return Place(
        lambda: _loaded(keeper.do("iam:GetRolePolicy", **named)["PolicyDocument"]),
        lambda new: keeper.do("iam:PutRolePolicy", **named, PolicyDocument=json.dumps(new)),
    )


def _managed(keeper: Keeper, name: str) -> Place:
    attached = keeper.do("iam:ListAttachedRolePolicies", RoleName=name)["AttachedPolicies"]
    arn = attached[0]["PolicyArn"]

    def read() -> Document:
        version = keeper.do("iam:GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
        told = keeper.do("iam:GetPolicyVersion", PolicyArn=arn, VersionId=version)
        return _loaded(told["PolicyVersion"]["Document"])

    def write(new: Document) -> None:
        for one in keeper.do("iam:ListPolicyVersions", PolicyArn=arn)["Versions"]:
            if not one["IsDefaultVersion"]:
                old = one["VersionId"]
                keeper.do("iam:DeletePolicyVersion", PolicyArn=arn, VersionId=old)
        given = {"PolicyDocument": json.dumps(new), "SetAsDefault": True}
        keeper.do("iam:CreatePolicyVersion", PolicyArn=arn, **given)

    return Place(read, write)


def _trust(keeper: Keeper, name: str) -> Place:
    return Place(
        lambda: _loaded(
            keeper.do("iam:GetRole", RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        ),
        lambda new: keeper.do(
            "iam:UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=json.dumps(new)
        ),
    )


def _bucket(keeper: Keeper, name: str) -> Place:
    return Place(
        lambda: _loaded(keeper.do("s3:GetBucketPolicy", Bucket=name)["Policy"]),
        lambda new: keeper.do("s3:PutBucketPolicy", Bucket=name, Policy=json.dumps(new)),
    )


def _key(keeper: Keeper, alias: str) -> Place:
    key = keeper.do("kms:DescribeKey", KeyId=alias)["KeyMetadata"]["KeyId"]
    return Place(
        lambda: _loaded(keeper.do("kms:GetKeyPolicy", KeyId=key, PolicyName="default")["Policy"]),
        lambda new: keeper.do(
            "kms:PutKeyPolicy", KeyId=key, PolicyName="default", Policy=json.dumps(new)
        ),
    )


def _images(keeper: Keeper, name: str) -> Place:
    return Place(
        lambda: _loaded(keeper.do("ecr:GetRepositoryPolicy", repositoryName=name)["policyText"]),
        lambda new: keeper.do(
            "ecr:SetRepositoryPolicy", repositoryName=name, policyText=json.dumps(new)
        ),
    )


def _versions(keeper: Keeper, name: str) -> Place:
    group = {"ModelPackageGroupName": name}
    get, put = "sagemaker:GetModelPackageGroupPolicy", "sagemaker:PutModelPackageGroupPolicy"
    return Place(
        lambda: _loaded(keeper.do(get, **group)["ResourcePolicy"]),
        lambda new: keeper.do(put, **group, ResourcePolicy=json.dumps(new)),
    )


def _endpoint(keeper: Keeper, service: str) -> Place:
    named = {"Name": "service-name", "Values": [f"com.amazonaws.eu-west-1.{service}"]}

    def described() -> dict[str, Any]:
        (one,) = keeper.do("ec2:DescribeVpcEndpoints", Filters=[named])["VpcEndpoints"]
        return dict(one)

    which = described()["VpcEndpointId"]
    return Place(
        lambda: _loaded(described()["PolicyDocument"]),
        lambda new: keeper.do(
            "ec2:ModifyVpcEndpoint", VpcEndpointId=which, PolicyDocument=json.dumps(new)
        ),
    )


def _loaded(policy: str | Document) -> Document:
    return dict(json.loads(policy)) if isinstance(policy, str) else policy


_KINDS: dict[str, Callable[[Keeper, str], Place]] = {
    "role": _role,
    "trust of": _trust,
    "bucket": _bucket,
    "key": _key,
    "images": _images,
    "versions": _versions,
    "endpoint": _endpoint,
}
