"""Guardrail: clusters are not on the internet."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="emr-private",
    title="clusters are not on the internet",
    why="a notebook on a cluster is a shell in the lake",
    severity="high",
    remedy="keep EMR's block of public access, and private subnets",
    kinds=("data-management", "data-science", "development"),
    frameworks=Frameworks(
        control_tower=("AWS-GR_EMR_MASTER_NO_PUBLIC_IP",),
        security_hub=("EMR.1",),
        conformance_packs=(
            "ct-detective",
            "datalake-analytics",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=fixed(
        deny("elasticmapreduce:PutBlockPublicAccessConfiguration", unless=BREAK_GLASS_ONLY)
    ),
    detective=(Detective("emr-master-no-public-ip"),),
)
