"""Guardrail: databases are not on the internet."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

_MAKING = (
    "rds:CreateDBInstance",
    "rds:CreateDBInstanceReadReplica",
    "rds:CreateDBShardGroup",
    "rds:RestoreDBInstance*",
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
        conformance_packs=("ct-detective", "sagemaker-governance"),
    ),
    service_control=fixed(
        deny(_MAKING, unless=BREAK_GLASS_ONLY, when={"Bool": {"rds:PubliclyAccessible": "true"}})
    ),
    proactive=(templates.is_one_of("AWS::RDS::DBInstance", "PubliclyAccessible", False),),
    detective=(Detective("rds-instance-public-access-check"),),
)
