"""Guardrail: no instance has a public address."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-no-public-addresses",
    title="no instance has a public address",
    why="what has an address is tried by the whole internet within minutes",
    severity="high",
    remedy="reach instances by Systems Manager",
    frameworks=Frameworks(
        control_tower=("AWS-GR_EC2_INSTANCE_NO_PUBLIC_IP",),
        security_hub=("EC2.9",),
        conformance_packs=("ct-detective", "self-hosted-ai-ml"),
    ),
    service_control=fixed(
        deny(
            "ec2:RunInstances",
            "arn:aws:ec2:*:*:network-interface/*",
            unless=BREAK_GLASS_ONLY,
            when={"Bool": {"ec2:AssociatePublicIpAddress": "true"}},
        ),
        deny(("ec2:AllocateAddress", "ec2:AssociateAddress"), unless=BREAK_GLASS_ONLY),
    ),
    proactive=(
        templates.is_not(
            "AWS::EC2::Instance", "NetworkInterfaces.*.AssociatePublicIpAddress", True
        ),
        templates.is_not("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True),
    ),
    detective=(Detective("ec2-instance-no-public-ip"),),
)
