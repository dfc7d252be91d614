"""Guardrail: databases are not on the internet."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)

_MAKING = (
    "rds:CreateDBInstance",
    "rds:CreateDBInstanceReadReplica",
    "rds:CreateDBShardGroup",
    "rds:RestoreDBInstance*",
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            _MAKING,
            unless=(role(BREAK_GLASS),),
            when={"Bool": {"rds:PubliclyAccessible": "true"}},
        ),
    )


GUARDRAIL = Guardrail(
    id="rds-private",
    title="databases are not on the internet",
    why="what has an address is tried by the whole internet within minutes",
    severity="critical",
    remedy="set PubliclyAccessible to false",
    frameworks=Frameworks(
        control_tower=("AWS-GR_RDS_INSTANCE_PUBLIC_ACCESS_CHECK",),
        security_hub=("RDS.2",),
        conformance_packs=(
            "ct-detective",
            "sagemaker-governance",
        ),
    ),
    service_control=_statements,
    proactive=(templates.is_one_of("AWS::RDS::DBInstance", "PubliclyAccessible", False),),
    detective=(Detective("rds-instance-public-access-check"),),
)
