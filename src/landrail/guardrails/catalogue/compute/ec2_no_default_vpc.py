"""Guardrail: nobody makes a default VPC."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ec2:CreateDefaultVpc",
                "ec2:CreateDefaultSubnet",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="ec2-no-default-vpc",
    title="nobody makes a default VPC",
    why="its subnets are public",
    severity="medium",
    remedy="make a network of your own",
    kinds=(
        "data-science",
        "development",
        "uat",
        "production",
    ),
    service_control=_statements,
)
