"""Guardrail: instances are of approved types."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Facts, Guardrail, Option
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny


def _statements(facts: Facts) -> tuple[Statement, ...]:
    approved = facts.option("ec2-instance-types")
    if not approved:
        return ()
    when = {"StringNotLike": {"ec2:InstanceType": list(approved)}}
    return (
        deny(
            ("ec2:ModifyInstanceAttribute", "ec2:RunInstances", "ec2:StartInstances"),
            "arn:aws:ec2:*:*:instance/*",
            unless=BREAK_GLASS_ONLY,
            when=when,
        ),
    )


GUARDRAIL = Guardrail(
    id="ec2-instance-types",
    title="instances are of approved types",
    why="one wrong instance costs in a day what the team has for a year",
    severity="medium",
    remedy="take an approved type",
    service_control=_statements,
    detective=(Detective("ec2-instance-types", from_file="allowedInstanceTypes"),),
    recommended=False,
    option=Option("patterns of instance types", r"[a-z0-9*?-]*[*.][a-z0-9*?.-]*"),
)
