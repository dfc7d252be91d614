"""Guardrail: AWS's services reach data for the organization's accounts alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.perimeter import ORGANIZATION, PERIMETER, deny_all
from landrail.guardrails.statements import fixed

_OTHERS = {
    "StringNotEqualsIfExists": {"aws:SourceOrgID": ORGANIZATION},
    "Null": {"aws:SourceAccount": "false"},
    "Bool": {"aws:PrincipalIsAWSService": "true"},
}
"""A service that says for which account it asks, and it is not one of ours."""


GUARDRAIL = Guardrail(
    id="perimeter-our-services",
    title="AWS's services reach data for the organization's accounts alone",
    why="a service asks under its own name, for whoever tells it to",
    severity="high",
    remedy="let the service work for an account of the organization",
    resource_control=fixed(
        deny_all((*(f"{service}:*" for service in PERIMETER), "sts:AssumeRole"), _OTHERS)
    ),
)
