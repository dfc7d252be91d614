"""Guardrail: no machine image is shared with everybody or outside."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            "ec2:ModifyImageAttribute",
            unless=(role(BREAK_GLASS), role(PLATFORM)),
            when={"StringEqualsIfExists": {"ec2:Attribute": "LaunchPermission"}},
        ),
    )


GUARDRAIL = Guardrail(
    id="ec2-no-image-sharing",
    title="no machine image is shared with everybody or outside",
    why="an image has on its disk whatever its maker forgot there",
    severity="critical",
    remedy="build the image where it is used",
    service_control=_statements,
    detective=(
        Detective("ec2-image-public"),
        Detective("ec2-image-open-outside"),
    ),
)
