"""Guardrail: nobody makes a default VPC."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-no-default-vpc",
    title="nobody makes a default VPC",
    why="its subnets are public",
    severity="medium",
    remedy="make a network of your own",
    kinds=("data-science", "development", "uat", "production"),
    service_control=fixed(
        deny(("ec2:CreateDefaultVpc", "ec2:CreateDefaultSubnet"), unless=BREAK_GLASS_ONLY)
    ),
    detective=(Detective("vpc-no-default"),),
)
