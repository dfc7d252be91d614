"""Guardrail: no machine image is shared with everybody or outside."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-no-image-sharing",
    title="no machine image is shared with everybody or outside",
    why="an image has on its disk whatever its maker forgot there",
    severity="critical",
    remedy="build the image where it is used",
    service_control=fixed(
        deny(
            "ec2:ModifyImageAttribute",
            unless=BREAK_GLASS_AND_PLATFORM,
            when={"StringEqualsIfExists": {"ec2:Attribute": "LaunchPermission"}},
        )
    ),
    detective=(Detective("ec2-image-public"), Detective("ec2-image-open-outside")),
)
