"""Statements of the data perimeter: denials to whoever is not of our organization.

For resource control policies: these bind everybody who reaches for a resource, so no role is exempt
by its name, which anybody could give to a role of their own. AWS's services have no organization:
as principals they are told apart by `aws:PrincipalIsAWSService`. Nothing here knows a guardrail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.statements import Statement

ORGANIZATION = "@{organization}"
"""Stands for the organization's id until it is known: the token of `landrail.resources`."""

PERIMETER = (
    "aoss",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "dynamodb",
    "ecr",
    "events",
    "kms",
    "logs",
    "s3",
    "secretsmanager",
    "sqs",
)
"""Services that keep data or code, have policies of resources, and are under resource control
policies."""

BY_HAND: Mapping[str, Mapping[str, Any]] = {
    "ForAllValues:StringNotEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}
}
"""Holds of calls that CloudFormation does not make for the caller: `ForAllValues` is true of a key
that is absent."""


def deny_all(
    actions: tuple[str, ...] | str,
    when: Mapping[str, Mapping[str, Any]],
    resources: tuple[str, ...] | str = "*",
) -> Statement:
    """Return a Deny to every principal there is, for a resource control policy."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": resources if isinstance(resources, str) else list(resources),
        "Condition": when,
    }


def ours_only(actions: tuple[str, ...] | str, accounts: tuple[str, ...] = ()) -> Statement:
    """Return a Deny to principals outside of the organization, anonymous ones too, but those of
    the named accounts. An absent key counts as outside."""
    outside: dict[str, Any] = {"aws:PrincipalOrgID": ORGANIZATION}
    if accounts:
        outside["aws:PrincipalAccount"] = list(accounts)
    return deny_all(
        actions,
        {
            "StringNotEqualsIfExists": outside,
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )


def no_anonymous(actions: tuple[str, ...] | str) -> Statement:
    """Return a Deny to callers without an identity: to AWS their account is `anonymous`."""
    return deny_all(actions, {"StringEquals": {"aws:PrincipalAccount": "anonymous"}})


def but_services(when: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return a condition that is about every caller but AWS's services, as one with `when`."""
    made = {operator: dict(keys) for operator, keys in when.items()}
    made.setdefault("BoolIfExists", {})["aws:PrincipalIsAWSService"] = "false"
    return made
