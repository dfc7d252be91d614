"""Guardrail: volumes are encrypted."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-encrypted-volumes",
    title="volumes are encrypted",
    why="a volume that is not can be read from its snapshot",
    severity="high",
    remedy="set Encrypted",
    frameworks=Frameworks(
        control_tower=("AWS-GR_ENCRYPTED_VOLUMES",),
        security_hub=("EC2.3",),
        conformance_packs=("ct-detective", "self-hosted-ai-ml"),
    ),
    service_control=fixed(
        deny(
            ("ec2:AttachVolume", "ec2:CreateVolume", "ec2:RunInstances"),
            "arn:aws:ec2:*:*:volume/*",
            unless=BREAK_GLASS_ONLY,
            when={"Bool": {"ec2:Encrypted": "false"}},
        )
    ),
    proactive=(templates.is_one_of("AWS::EC2::Volume", "Encrypted", True),),
    # The rule of AWS's leaves out what is attached to nothing.
    detective=(Detective("encrypted-volumes"), Detective("ec2-volume-detached-encrypted")),
)
