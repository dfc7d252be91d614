"""Guardrails of membership: no account leaves, none changes the organization or its policies, no
root user acts, and a suspended account does nothing at all."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import (
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
)

_LEAVE = "LeaveOrganization"


def _leave(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(f"organizations:{_LEAVE}"),)


def _policies(_facts: Facts) -> tuple[Statement, ...]:
    others = tuple(name for name in writes("organizations") if name != _LEAVE)
    return (deny(patterns("organizations", others)),)


def _root_user(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("*", when={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}),)


def _suspended(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("*"),)


LEAVE = Guardrail(
    name="deny-leave-organization",
    summary="no account leaves the organization",
    remedy="take the account out of the file and apply it: it moves to the Suspended OU",
    scopes=(ROOT,),
    preventive=_leave,
)
POLICIES = Guardrail(
    name="protect-guardrails",
    summary="no member account changes the organization, its accounts or its policies",
    remedy="guardrails are changed in the file by the security team, from the management account",
    scopes=(ROOT,),
    preventive=_policies,
)
ROOT_USER = Guardrail(
    name="deny-root-user",
    summary="the root users of member accounts do nothing",
    remedy="sign in as a role; in an emergency as break-glass",
    scopes=(ROOT,),
    preventive=_root_user,
)
SUSPENDED = Guardrail(
    name="deny-suspended",
    summary="an account in the Suspended OU does nothing",
    remedy="put the account back into the file and apply it",
    scopes=("Suspended",),
    preventive=_suspended,
)
