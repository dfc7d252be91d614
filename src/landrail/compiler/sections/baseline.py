"""Baseline of every account: who may sign in, the platform role, break-glass, the auditor.

In the management account the operator comes first, made by the bootstrap user in a stack of its
own with the platform role; everywhere else the vending role makes the baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts import platform_role
from landrail.compiler.parts.reader import READER_ARNS, reader
from landrail.compiler.parts.roles import by_people, by_roles, role, roles
from landrail.compiler.parts.templates import Resources, resource, template
from landrail.compiler.statements import Statement, allow, role_arn
from landrail.resources import Stack, account_id
from landrail.spec import Platform
from landrail.spec.landing_zone import EXECUTION_ROLE

VENDING_ROLE = "OrganizationAccountAccessRole"
BOOTSTRAP = "bootstrap"
_POLICIES = "arn:aws:iam::aws:policy"
_AUDITING = (f"{_POLICIES}/SecurityAudit", f"{_POLICIES}/job-function/ViewOnlyAccess")


def compile_baseline(platform: Platform) -> Iterator[Stack]:
    """Yield the baseline stack of each account, and the operator's in management."""
    trusted = [site.stack_address(site.MANAGEMENT, "baseline")]
    yield site.stack(
        platform, site.MANAGEMENT, "operator", _operator(platform), entered_by=BOOTSTRAP
    )
    for made in platform.accounts_made():
        if made.kind == "management":
            content = template(
                "Landrail: security, break-glass, auditor and reader of the management account",
                _emergency(platform, made.name),
                _auditor(platform, made.name),
                reader(platform, made.name),
                _security(platform),
            )
            yield site.stack(platform, made.name, "baseline", content)
            continue
        content = template(
            "Landrail: sign-in, platform role, break-glass, administrator, auditor and reader",
            _provider(platform),
            _platform(platform, made.name),
            _emergency(platform, made.name),
            _auditor(platform, made.name),
            reader(platform, made.name),
            _administrator(platform, made.name),
        )
        yield site.stack(
            platform, made.name, "baseline", content, after=trusted, entered_by=VENDING_ROLE
        )


def _governing(platform: Platform) -> Iterator[Statement]:
    """Yield what the operator asks of Control Tower: never to change its landing zone."""
    if platform.control_tower != "none":
        actions = (
            "controlcatalog:List*",
            "controltower:DisableControl",
            "controltower:EnableBaseline",
            "controltower:EnableControl",
            "controltower:Get*",
            "controltower:List*",
            "controltower:ResetEnabled*",
            "controltower:TagResource",
            "controltower:UpdateEnabled*",
        )
        yield allow(actions, "*", sid="Governance")


def _execution(platform: Platform) -> list[str]:
    """The way into an account that Control Tower has made, before it has its platform role."""
    if platform.control_tower == "none":
        return []
    return [f"arn:aws:iam::*:role/{EXECUTION_ROLE}"]


def _operator(platform: Platform) -> dict[str, Any]:
    trust = by_people(platform, site.MANAGEMENT, platform.operators)
    operator = role(
        "operator",
        trust,
        [
            allow("organizations:*", "*", sid="Organization"),
            *_governing(platform),
            allow("account:*", "*", sid="Accounts"),
            allow(
                "iam:CreateServiceLinkedRole",
                f"arn:aws:iam::{account_id(site.MANAGEMENT)}:role/aws-service-role/*",
                sid="TrustedServices",
            ),
            allow(
                "sts:AssumeRole",
                [
                    "arn:aws:iam::*:role/landrail/platform",
                    f"arn:aws:iam::*:role/{VENDING_ROLE}",
                    READER_ARNS,
                    *_execution(platform),
                ],
                sid="EnterAccounts",
            ),
        ],
        description="Runs plan and apply: organization, accounts, guardrails",
    )
    return template(
        "Landrail: the operator of the platform, and the platform role of management",
        _provider(platform),
        roles(("operator", operator)),
        _platform(platform, site.MANAGEMENT),
    )


def _provider(platform: Platform) -> Resources:
    properties = {
        "Url": platform.identity.issuer,
        "ClientIdList": [platform.identity.audience],
    }
    return {"SignIn": resource("AWS::IAM::OIDCProvider", properties)}


def _platform(platform: Platform, account: str) -> Resources:
    made = role(
        "platform",
        by_roles(role_arn(site.MANAGEMENT, "operator")),
        platform_role.statements(platform, account),
        description="Makes the infrastructure of this account; entered by the operator alone",
    )
    if account == site.MANAGEMENT:
        made["DependsOn"] = ["RoleOperator"]
    return roles(("platform", made))


def _emergency(platform: Platform, account: str) -> Resources:
    if not platform.break_glass:
        return {}
    made = role(
        "break-glass",
        by_people(platform, account, platform.break_glass, mfa=True),
        [allow("*", "*", sid="Emergency")],
        description="For emergencies: MFA, at most an hour, every entry raises an alarm",
    )
    return roles(("break-glass", made))


def _administrator(platform: Platform, account: str) -> Resources:
    if not platform.administrators:
        return {}
    made = role(
        "administrator",
        by_people(platform, account, platform.administrators),
        managed=[f"{_POLICIES}/AdministratorAccess"],
        hours=4,
        description="Everything in this account that its guardrails allow",
    )
    return roles(("administrator", made))


def _auditor(platform: Platform, account: str) -> Resources:
    if not platform.auditors:
        return {}
    made = role(
        "auditor",
        by_people(platform, account, platform.auditors),
        _entering_readers(account),
        managed=_AUDITING,
        hours=8,
        description="Reads configuration and records, never data",
    )
    return roles(("auditor", made))


def _security(platform: Platform) -> Resources:
    if not platform.security:
        return {}
    made = role(
        "security",
        by_people(platform, site.MANAGEMENT, platform.security),
        _guarding(),
        managed=_AUDITING,
        hours=4,
        description="Owns the guardrail policies",
    )
    return roles(("security", made))


def _guarding() -> list[Statement]:
    return [
        allow(("organizations:Describe*", "organizations:List*"), "*", sid="Read"),
        allow(
            (
                "organizations:AttachPolicy",
                "organizations:CreatePolicy",
                "organizations:DeletePolicy",
                "organizations:DetachPolicy",
                "organizations:UpdatePolicy",
            ),
            "*",
            sid="Guardrails",
        ),
        *_entering_readers(site.MANAGEMENT),
    ]


def _entering_readers(account: str) -> list[Statement]:
    """Return the right to audit every account, which those of management alone have."""
    if account != site.MANAGEMENT:
        return []
    return [allow("sts:AssumeRole", READER_ARNS, sid="Audit")]
