"""Guardrail: nobody gets administrator's rights by a policy of AWS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails import templates
from landrail.guardrails.actions import carrying, narrow
from landrail.guardrails.guardrail import (
    Detective,
    Facts,
    Frameworks,
    Guardrail,
)
from landrail.guardrails.powers import MAKERS, VENDING_ROLE
from landrail.guardrails.statements import Statement, deny

_WIDEST = tuple(
    f"arn:aws:iam::aws:policy/{name}"
    for name in ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
)
# Organizations and Control Tower come into accounts through these.
_VENDING = (VENDING_ROLE, "AWSControlTowerExecution")


def _others(properties: Mapping[str, Any]) -> bool:
    """The platform's own administrators are bound by the guardrails, and protected by them."""
    return properties.get("Path") != "/landrail/"


_NOT_ATTACHED = tuple(
    templates.where(_others, templates.is_not(f"AWS::IAM::{kind}", "ManagedPolicyArns.*", *_WIDEST))
    for kind in ("Group", "Role", "User")
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    attaching = tuple(
        name for name in carrying("iam", "iam:PolicyARN") if name.startswith("Attach")
    )
    when = {"ArnEquals": {"iam:PolicyARN": list(_WIDEST)}}
    return (deny(narrow("iam", attaching), unless=MAKERS, when=when),)


GUARDRAIL = Guardrail(
    id="iam-no-administrators",
    title="nobody gets administrator's rights by a policy of AWS's",
    why="who has them is bound by the guardrails alone",
    severity="critical",
    remedy="give a role the rights that it needs",
    frameworks=Frameworks(security_hub=("IAM.1",), conformance_packs=("ai-ml-infrastructure",)),
    service_control=_statements,
    proactive=(*_NOT_ATTACHED,),
    detective=(
        Detective("iam-policy-no-statements-with-admin-access"),
        Detective("iam-role-widest-policy", {"allowedRoles": ",".join(_VENDING)}),
    ),
)
