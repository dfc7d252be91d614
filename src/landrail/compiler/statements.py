"""Policy statements and documents as plain dictionaries, and the ARNs that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.guardrails.statements import plain
from landrail.resources import account_id, organization_id

Statement = dict[str, Any]
Condition = Mapping[str, Mapping[str, Any]]

ROLE_PATH = "/landrail/"


def allow(
    actions: Sequence[str] | str,
    resources: Sequence[str] | str,
    condition: Condition | None = None,
    *,
    sid: str | None = None,
    principal: Mapping[str, Any] | str | None = None,
) -> Statement:
    """Return an Allow statement; with a principal it is one of a resource policy."""
    return _statement("Allow", actions, resources, condition, sid, principal)


def deny(
    actions: Sequence[str] | str,
    resources: Sequence[str] | str,
    condition: Condition | None = None,
    *,
    sid: str | None = None,
    principal: Mapping[str, Any] | str | None = None,
) -> Statement:
    """Return a Deny statement; with a principal it is one of a resource policy."""
    return _statement("Deny", actions, resources, condition, sid, principal)


def document(*statements: Statement) -> dict[str, Any]:
    """Return a policy document of the statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def aws(arns: Sequence[str]) -> dict[str, Any]:
    """Return the principal element for roles, by ARN."""
    return {"AWS": plain(arns)}


def role_arn(account: str, name: str) -> str:
    """Return the ARN of one of the platform's roles in the account of that name."""
    return f"arn:aws:iam::{account_id(account)}:role{ROLE_PATH}{name}"


def alias_arn(account: str, region: str, alias: str) -> str:
    """Return the ARN of a key's alias (`landrail/...`)."""
    return f"arn:aws:kms:{region}:{account_id(account)}:alias/{alias}"


def of_organization() -> dict[str, str]:
    """Return the StringEquals condition that holds for principals of the organization alone."""
    return {"aws:PrincipalOrgID": organization_id()}


def _statement(
    effect: str,
    actions: Sequence[str] | str,
    resources: Sequence[str] | str,
    condition: Condition | None,
    sid: str | None,
    principal: Mapping[str, Any] | str | None,
) -> Statement:
    statement: Statement = {"Sid": sid} if sid else {}
    statement["Effect"] = effect
    if principal is not None:
        statement["Principal"] = principal
    statement["Action"] = plain(actions)
    statement["Resource"] = plain(resources)
    if condition:
        statement["Condition"] = {
            operator: {key: plain(value) for key, value in keys.items()}
            for operator, keys in condition.items()
        }
    return statement
