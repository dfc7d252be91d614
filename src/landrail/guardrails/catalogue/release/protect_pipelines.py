"""Guardrail: only the platform changes pipelines, and only pipelines write what they carry."""

from __future__ import annotations

from landrail.guardrails.actions import DEFAULT_RULE, patterns, writes, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role
from landrail.guardrails.statements import Statement, deny

_RULES = tuple(f"arn:aws:events:*:*:rule/*-{what}" for what in ("push", "schedule", "rejected"))
"""What starts pipelines, and what puts a rejection on record."""


def _pipelines(facts: Facts) -> tuple[Statement, ...]:
    makers = (role(PLATFORM), role(BREAK_GLASS))
    machines = (*makers, role("pipeline-*"))
    groups = writes_on("sagemaker", "model-package-group")
    packages = writes_on("sagemaker", "model-package")
    return (
        # Events starts the one build that no pipeline does: the record of a rejection.
        deny(
            patterns("codebuild", writes("codebuild")),
            unless=(*machines, role("build-*"), role("events-*")),
        ),
        deny(
            patterns("codepipeline", writes("codepipeline")),
            unless=(*machines, role("mlops-*"), role("events-*")),
        ),
        deny(patterns("ecr", writes("ecr")), unless=(*makers, role("build-*"))),
        deny(patterns("codeartifact", writes("codeartifact")), unless=(*makers, role("build-*"))),
        deny(
            patterns("codecommit", writes("codecommit")),
            unless=(*machines, role("build-*"), role("data-scientist-*")),
        ),
        deny(
            patterns("events", writes_on("events", DEFAULT_RULE)),
            _RULES,
            unless=makers,
        ),
        deny(
            patterns("sagemaker", tuple(sorted({*groups, *packages}))),
            unless=(*machines, role("mlops-*")),
        ),
        deny(
            patterns("s3", writes_on("s3", "object")),
            f"{facts.buckets('artifacts-*')}/*",
            unless=(*machines, role("build-*"), role("events-*")),
        ),
    )


GUARDRAIL = Guardrail(
    id="protect-pipelines",
    title="only the platform changes pipelines, and only pipelines write what they carry",
    why="who can change a pipeline, its images or its code decides what is released",
    severity="critical",
    remedy="change the file and apply it, or push to the model's repository",
    kinds=("shared-services",),
    service_control=_pipelines,
)
