"""Roles of people and machines: path `/landrail/`, exact trust, inline policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.compiler import names
from landrail.compiler.parts.templates import Resources, resource
from landrail.compiler.statements import ROLE_PATH, Statement, aws, document
from landrail.guardrails.statements import plain
from landrail.resources import account_id
from landrail.spec import Platform

Trust = Sequence[Statement]


def role(
    name: str,
    trust: Trust,
    statements: Sequence[Statement] = (),
    *,
    managed: Sequence[Any] = (),
    hours: int = 1,
    description: str = "",
) -> dict[str, Any]:
    """Return one role; `statements` become its inline policy, called as the role."""
    properties: dict[str, Any] = {
        "RoleName": names.shorten(name, names.ROLE),
        "Path": ROLE_PATH,
        "AssumeRolePolicyDocument": document(*trust),
        "MaxSessionDuration": hours * 3600,
    }
    if description:
        properties["Description"] = description
    if managed:
        properties["ManagedPolicyArns"] = list(managed)
    if statements:
        policy = {
            "PolicyName": names.shorten(name, names.POLICY),
            "PolicyDocument": document(*statements),
        }
        properties["Policies"] = [policy]
    return resource("AWS::IAM::Role", properties)


def roles(*named: tuple[str, dict[str, Any]]) -> Resources:
    """Return roles under logical ids made from their names."""
    return {names.logical_id("role", name): made for name, made in named}


def managed_policy(
    name: str, statements: Sequence[Statement], *, attach: Sequence[str] = ()
) -> Resources:
    """Return a policy that several roles share (`Ref` gives its ARN); `attach` names roles of
    other stacks that it is attached to."""
    named = names.shorten(name, names.POLICY)
    properties: dict[str, Any] = {
        "ManagedPolicyName": named,
        "Path": ROLE_PATH,
        "PolicyDocument": document(*statements),
    }
    if attach:
        properties["Roles"] = list(attach)
    return {names.logical_id("policy", named): resource("AWS::IAM::ManagedPolicy", properties)}


def by_people(
    platform: Platform, account: str, people: Sequence[str], *, mfa: bool = False
) -> list[Statement]:
    """Return the trust in exactly these people, signed in by the platform's issuer."""
    issuer = platform.identity.issuer.removeprefix("https://")
    equals: dict[str, Any] = {
        f"{issuer}:aud": platform.identity.audience,
        f"{issuer}:sub": plain(list(people)),
        # A session bears its person's name: the trail and the owners of Studios rely on it.
        "sts:RoleSessionName": f"${{{issuer}:sub}}",
    }
    condition: dict[str, Mapping[str, Any]] = {"StringEquals": equals}
    if mfa:
        condition["ForAnyValue:StringEquals"] = {f"{issuer}:amr": "mfa"}
    provider = f"arn:aws:iam::{account_id(account)}:oidc-provider/{issuer}"
    return [
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
    ]


def by_roles(*arns: str) -> list[Statement]:
    """Return the trust in exactly these roles."""
    return [{"Effect": "Allow", "Principal": aws(arns), "Action": "sts:AssumeRole"}]


def by_services(account: str, *services: str) -> list[Statement]:
    """Return the trust in AWS services that act for this account alone."""
    return [
        {
            "Effect": "Allow",
            "Principal": {"Service": plain(services)},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": account_id(account)}},
        }
    ]


def by_cloudformation() -> list[Statement]:
    """Return the trust of a stack's service role. CloudFormation is handed it by `iam:PassRole`,
    which never crosses accounts, and AWS documents no `aws:SourceAccount` for it."""
    service = {"Service": "cloudformation.amazonaws.com"}
    return [{"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}]
