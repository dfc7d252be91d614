"""Guardrail: the trail has every read and write of objects."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="trail-data-events",
    title="the trail has every read and write of objects",
    why="who read what is known from data events alone",
    severity="medium",
    remedy="turn data events of S3 on in the trail",
    frameworks=Frameworks(
        conformance_packs=(
            "ai-ml-infrastructure",
            "datalake-analytics",
            "sagemaker-governance",
        ),
    ),
    detective=(Detective("cloudtrail-s3-dataevents-enabled"),),
    recommended=False,
)
