"""An organization with a landing zone, set up through the APIs that a customer uses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

REGION = "eu-west-1"
BASELINE = f"arn:aws:controltower:{REGION}::baseline/17BSJV3IGJ2QSGA2"
ADMIN_POLICY = "arn:aws:iam::aws:policy/service-role/AWSControlTowerServiceRolePolicy"


def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Ask until there is something to answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError("it did not come")


@contextmanager
def refusal(code: str, words: str = "") -> Iterator[None]:
    """What is called inside is refused with this code, and with these words in the message."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert words in error["Message"]


@dataclass
class Tower:
    """Control Tower of one local AWS; `zone` is its landing zone's ARN, `workloads` an OU's id and
    ARN, where a test has them."""

    local: Any
    zone: str = ""
    workloads: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        self.api = self.local.client("controltower")
        self.organizations = self.local.client("organizations")

    def role(self) -> None:
        """Make the role that Control Tower needs in the management account."""
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "controltower.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        iam = self.local.client("iam")
        iam.create_role(
            RoleName="AWSControlTowerAdmin",
            Path="/service-role/",
            AssumeRolePolicyDocument=json.dumps(trust),
        )
        iam.attach_role_policy(RoleName="AWSControlTowerAdmin", PolicyArn=ADMIN_POLICY)

    def ended(self, identifier: str, kind: str = "baseline") -> dict[str, Any]:
        """The operation, once it has ended."""
        asked, key = {
            "baseline": (self.api.get_baseline_operation, "baselineOperation"),
            "control": (self.api.get_control_operation, "controlOperation"),
            "zone": (self.api.get_landing_zone_operation, "operationDetails"),
        }[kind]

        def found() -> Any:
            operation = asked(operationIdentifier=identifier)[key]
            return None if operation["status"] == "IN_PROGRESS" else operation

        ended: dict[str, Any] = until(found)
        return ended

    def root(self) -> str:
        """The id of the root."""
        return str(self.organizations.list_roots()["Roots"][0]["Id"])

    def unit(self, name: str, parent: str | None = None) -> tuple[str, str]:
        """Make an OU; return its id and ARN."""
        made = self.organizations.create_organizational_unit(
            ParentId=parent or self.root(), Name=name
        )["OrganizationalUnit"]
        return str(made["Id"]), str(made["Arn"])

    def move(self, account: str, unit: str) -> None:
        """Move an account."""
        parent = self.organizations.list_parents(ChildId=account)["Parents"][0]["Id"]
        self.organizations.move_account(
            AccountId=account, SourceParentId=parent, DestinationParentId=unit
        )

    def member(self, account: str, service: str) -> Any:
        """A client in a member account."""
        return self.local.client(service, self.local.administrator(account))

    def policies(self, target: str) -> dict[str, Any]:
        """The statements of Control Tower's policies on a target, by Sid."""
        found = {}
        listed = self.organizations.list_policies_for_target(
            TargetId=target, Filter="SERVICE_CONTROL_POLICY"
        )["Policies"]
        for policy in listed:
            if policy["Name"].startswith("aws-guardrails-"):
                read = self.organizations.describe_policy(PolicyId=policy["Id"])["Policy"]
                for statement in json.loads(read["Content"])["Statement"]:
                    found[statement["Sid"]] = statement
        return found


def classic(log: str, audit: str, **more: Any) -> dict[str, Any]:
    """The manifest of a landing zone 3.x."""
    return {
        "governedRegions": [REGION],
        "organizationStructure": {"security": {"name": "Security"}},
        "centralizedLogging": {"accountId": log, "enabled": True},
        "securityRoles": {"accountId": audit},
        "accessManagement": {"enabled": False},
        **more,
    }


def modern(log: str, audit: str, *, on: bool = True) -> dict[str, Any]:
    """The manifest of a landing zone 4.x, with its integrations or without."""
    off: dict[str, Any] = {"enabled": False}
    if not on:
        return {
            "governedRegions": [REGION],
            **dict.fromkeys(("accessManagement", "config", "centralizedLogging"), off),
            "securityRoles": off,
        }
    return {
        "governedRegions": [REGION],
        "accessManagement": off,
        "centralizedLogging": {"accountId": log, "enabled": True},
        "config": {"accountId": audit, "enabled": True},
        "securityRoles": {"accountId": audit, "enabled": True},
    }
