"""Guardrail: no bucket of the organization is public, whatever its account says."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail, OrganizationPolicy

GUARDRAIL = Guardrail(
    id="s3-organization-block",
    title="no bucket of the organization is public, whatever its account says",
    why="a setting of each bucket is forgotten in one of them",
    severity="critical",
    remedy="share with roles by name; an account's own settings cannot be changed while this holds",
    frameworks=Frameworks(
        control_tower=("AWS-GR_S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",),
        security_hub=("S3.1",),
        conformance_packs=(
            "ct-detective",
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    organization_policy=OrganizationPolicy(
        "S3_POLICY", {"s3_attributes": {"public_access_block_configuration": {"@@assign": "all"}}}
    ),
    detective=(Detective("s3-account-level-public-access-blocks-periodic"),),
    recommended=False,
)
