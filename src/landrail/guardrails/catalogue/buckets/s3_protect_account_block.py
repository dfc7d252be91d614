"""Guardrail: nobody lifts the block of public access of an account."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="s3-protect-account-block",
    title="nobody lifts the block of public access of an account",
    why="one call opens all buckets of the account at once",
    severity="critical",
    remedy="share with roles by name",
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
    service_control=fixed(deny("s3:PutAccountPublicAccessBlock", unless=MAKERS)),
    detective=(Detective("s3-account-level-public-access-blocks-periodic"),),
)
