"""Guardrail: nobody buys for years."""

from __future__ import annotations

from landrail.guardrails.actions import writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_BUYERS = ("dynamodb", "ec2", "elasticache", "es", "memorydb", "rds", "redshift")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    reserving = tuple(
        f"{service}:Purchase*"
        for service in _BUYERS
        if any(name.startswith("Purchase") for name in writes(service))
    )
    others = ("aws-marketplace:Subscribe", "savingsplans:Create*", "supportplans:*")
    return (deny((*reserving, *others), unless=BREAK_GLASS_ONLY),)


GUARDRAIL = Guardrail(
    id="no-purchases",
    title="nobody buys for years",
    why="a reservation is paid for whether or not it is used",
    severity="high",
    remedy="ask the owner of the budget; the management account buys",
    service_control=_statements,
)
