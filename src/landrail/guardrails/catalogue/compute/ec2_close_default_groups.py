"""Guardrail: the default security group of a VPC lets nothing through."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="ec2-close-default-groups",
    title="the default security group of a VPC lets nothing through",
    why="whoever names no group gets this one",
    severity="medium",
    remedy="take its rules away, and name a group of your own",
    frameworks=Frameworks(
        security_hub=("EC2.2",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(Detective("vpc-default-security-group-closed"),),
    recommended=False,
)
