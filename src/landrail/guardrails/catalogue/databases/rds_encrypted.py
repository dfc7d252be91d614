"""Guardrail: databases are encrypted."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="rds-encrypted",
    title="databases are encrypted",
    why="a snapshot of one that is not can be read",
    severity="high",
    remedy="set StorageEncrypted",
    frameworks=Frameworks(
        control_tower=("AWS-GR_RDS_STORAGE_ENCRYPTED",),
        security_hub=("RDS.3",),
        conformance_packs=("ct-detective", "sagemaker-governance"),
    ),
    service_control=fixed(
        deny(
            ("rds:CreateDBCluster", "rds:CreateDBInstance"),
            unless=BREAK_GLASS_ONLY,
            when={"Bool": {"rds:StorageEncrypted": "false"}},
        )
    ),
    proactive=(
        templates.where(
            lambda properties: not templates.has(properties, "DBClusterIdentifier"),
            templates.is_one_of("AWS::RDS::DBInstance", "StorageEncrypted", True),
        ),
        templates.is_one_of("AWS::RDS::DBCluster", "StorageEncrypted", True),
    ),
    detective=(Detective("rds-storage-encrypted"),),
)
