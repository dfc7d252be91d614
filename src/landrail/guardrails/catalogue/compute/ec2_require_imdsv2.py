"""Guardrail: instances give their credentials to those alone who ask twice."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-require-imdsv2",
    title="instances give their credentials to those alone who ask twice",
    why="version 1 of the metadata service gives them to whoever makes the instance ask",
    severity="high",
    remedy="set HttpTokens to required",
    service_control=fixed(
        deny(
            "ec2:RunInstances",
            "arn:aws:ec2:*:*:instance/*",
            unless=BREAK_GLASS_ONLY,
            when={"StringNotEquals": {"ec2:MetadataHttpTokens": "required"}},
        ),
        # `ec2:MetadataHttpTokens` says here how the instance stands, the attribute what it becomes.
        deny(
            "ec2:ModifyInstanceMetadataOptions",
            unless=BREAK_GLASS_ONLY,
            when={"StringNotEquals": {"ec2:Attribute/HttpTokens": "required"}},
        ),
        deny("ec2:ModifyInstanceMetadataDefaults", unless=BREAK_GLASS_ONLY),
    ),
    proactive=(
        templates.is_one_of(
            "AWS::EC2::LaunchTemplate", "LaunchTemplateData.MetadataOptions.HttpTokens", "required"
        ),
    ),
    detective=(Detective("ec2-imdsv2-check"),),
)
