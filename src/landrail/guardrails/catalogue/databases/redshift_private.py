"""Guardrail: warehouses are not on the internet."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="redshift-private",
    title="warehouses are not on the internet",
    why="what has an address is tried by the whole internet within minutes",
    severity="critical",
    remedy="set PubliclyAccessible to false",
    frameworks=Frameworks(
        control_tower=("AWS-GR_REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK",),
        security_hub=("Redshift.1",),
        conformance_packs=(
            "ct-detective",
            "datalake-analytics",
        ),
    ),
    proactive=(templates.is_one_of("AWS::Redshift::Cluster", "PubliclyAccessible", False),),
    detective=(Detective("redshift-cluster-public-access-check"),),
)
