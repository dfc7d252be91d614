"""Everybody opens the Studio of their own alone: by the owner's tag on the profile."""

from __future__ import annotations

from typing import Any

import pytest
from guarded import Account
from guardrail_requests import Request, least
from tryings import FACTS

from landrail.guardrails.all import guardrails


@pytest.fixture(scope="module")
def studio(local_aws: Any) -> Account:
    guardrail = guardrails()["sagemaker-own-studio"]
    return Account(local_aws, "own-studio", guardrail.statements(FACTS))


@pytest.fixture(scope="module")
def domain(studio: Account) -> str:
    """A domain with a profile of Ana's and one of nobody's."""
    admin = studio.client("sagemaker", "landrail/break-glass")
    made = admin.create_domain(
        DomainName="d",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": f"arn:aws:iam::{studio.account}:role/administrator"},
        SubnetIds=["subnet-11111111"],
        VpcId="vpc-11111111",
    )
    domain = str(made["DomainArn"]).rpartition("/")[2]
    owner = [{"Key": "landrail:owner", "Value": "ana"}]
    for name, tags in (("ana", owner), ("nobody", [])):
        admin.create_user_profile(DomainId=domain, UserProfileName=name, Tags=tags)
    return domain


def opening(domain: str, profile: str) -> Request:
    params = {"DomainId": domain, "UserProfileName": profile}
    return Request("sagemaker", "CreatePresignedDomainUrl", params)


@pytest.mark.parametrize(
    ("profile", "person", "opens"),
    [("ana", "ana", True), ("ana", "cal", False), ("ana", "an", False), ("nobody", "ana", False)],
)
def test_a_profile_is_opened_by_its_owner_alone(
    studio: Account, domain: str, profile: str, person: str, opens: bool
) -> None:
    assert studio.allows(opening(domain, profile), f"administrator@{person}") is opens


def test_break_glass_opens_any(studio: Account, domain: str) -> None:
    assert studio.allows(opening(domain, "nobody"), "landrail/break-glass")


def test_a_notebook_without_an_owner_is_nobodys(studio: Account) -> None:
    assert not studio.allows(least("CreatePresignedNotebookInstanceUrl"), "administrator@ana")
