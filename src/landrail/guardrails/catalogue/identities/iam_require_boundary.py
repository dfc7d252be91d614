"""Guardrail: whoever makes a role or user gives it a boundary."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.actions import carrying
from landrail.guardrails.guardrail import Detective, Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.powers import MAKERS, VENDING_ROLE

_MAKING = ("CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")
_OURS = "/landrail/"
"""The path of the platform's roles, which nobody else makes."""
_APART = {
    name: "is about a role or user that is there: it was made with a boundary"
    for name in carrying("iam", "iam:PermissionsBoundary")
    if name not in _MAKING
}

GUARDRAIL = Guardrail(
    id="iam-require-boundary",
    title="whoever makes a role or user gives it a boundary",
    why="who may make roles may make one with more rights than their own",
    severity="high",
    remedy="give a boundary that the file names",
    proactive=tuple(
        templates.where(
            lambda properties: properties.get("Path") != _OURS,
            templates.given(kind, "PermissionsBoundary"),
        )
        for kind in ("AWS::IAM::Role", "AWS::IAM::User")
    ),
    service_control=Holding(
        key="iam:PermissionsBoundary",
        must=by_option("iam-require-boundary", must.one_of),
        unless=MAKERS,
        apart=_APART,
    ),
    detective=(
        Detective(
            "iam-role-boundary",
            {"exemptedPaths": _OURS, "exemptedRoles": VENDING_ROLE},
            from_file="boundaries",
        ),
    ),
    recommended=False,
    option=Option(
        "ARNs of policies, with `*` for the account",
        r"arn:aws:iam::(\*|\d{12}):policy/[\w+=,.@/*-]+",
    ),
)
