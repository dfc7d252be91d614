"""Guardrail: subnets give out no public addresses and route nothing to the internet."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="ec2-private-subnets",
    title="subnets give out no public addresses and route nothing to the internet",
    why="what starts there is on the internet",
    severity="medium",
    remedy="turn MapPublicIpOnLaunch off, and take away the default VPC",
    frameworks=Frameworks(
        control_tower=(
            "AWS-GR_SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED",
            "AWS-GR_NO_UNRESTRICTED_ROUTE_TO_IGW",
        ),
        security_hub=("EC2.15",),
        conformance_packs=("ct-detective",),
    ),
    proactive=(templates.is_not("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True),),
    detective=(
        Detective("subnet-auto-assign-public-ip-disabled"),
        Detective("no-unrestricted-route-to-igw"),
    ),
)
