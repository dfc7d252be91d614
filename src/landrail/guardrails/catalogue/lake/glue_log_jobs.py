"""Guardrail: jobs of Glue are logged."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="glue-log-jobs",
    title="jobs of Glue are logged",
    why="what a job did is known from its log alone",
    severity="low",
    remedy="turn continuous logs on",
    frameworks=Frameworks(
        conformance_packs=("sagemaker-governance",),
    ),
    detective=(Detective("glue-job-logging-enabled"),),
    recommended=False,
)
