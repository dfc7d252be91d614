"""Guardrails of release: in UAT and production only the release role changes models, endpoints,
jobs and their data, and only the pipelines carry and approve what is released."""

from __future__ import annotations

from landrail.guardrails.actions import DEFAULT_RULE, carrying, patterns, writes, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

_STAGES = ("UAT", "Production")
_RELEASE = (role("release"), role("release-stack"), role(BREAK_GLASS))


def _models(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(patterns("sagemaker", writes("sagemaker")), unless=_RELEASE),)


def _scaling(_facts: Facts) -> tuple[Statement, ...]:
    # Its service-linked role changes endpoints, and no guardrail binds a service-linked role.
    service = "application-autoscaling"
    return (deny(patterns(service, writes(service)), unless=_RELEASE),)


def _data(facts: Facts) -> tuple[Statement, ...]:
    writers = (*_RELEASE, role("job"), role("model"), role(PLATFORM))
    objects = f"{facts.buckets('stage-*')}/*"
    return (deny(patterns("s3", writes_on("s3", "object")), objects, unless=writers),)


def _job_logs(_facts: Facts) -> tuple[Statement, ...]:
    removes = ("Delete", "Put", "Associate", "Disassociate")
    writers = {"PutLogEvents"}
    named = {*writes_on("logs", "log-group"), *writes_on("logs", "log-stream")} - writers
    actions = tuple(sorted(name for name in named if name.startswith(removes)))
    groups = "arn:aws:logs:*:*:log-group:/aws/sagemaker/*"
    return (deny(patterns("logs", actions), groups, unless=(role(PLATFORM), role(BREAK_GLASS))),)


def _approval(_facts: Facts) -> tuple[Statement, ...]:
    key = "sagemaker:ModelApprovalStatus"
    return (
        deny(
            patterns("sagemaker", carrying("sagemaker", key)),
            unless=(role("pipeline-*-production"), role(BREAK_GLASS)),
            when={"StringEquals": {key: "Approved"}},
        ),
    )


def _pipelines(facts: Facts) -> tuple[Statement, ...]:
    makers = (role(PLATFORM), role(BREAK_GLASS))
    machines = (*makers, role("pipeline-*"))
    groups = writes_on("sagemaker", "model-package-group")
    packages = writes_on("sagemaker", "model-package")
    return (
        deny(patterns("codebuild", writes("codebuild")), unless=(*machines, role("build-*"))),
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
            "arn:aws:events:*:*:rule/*-push",
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


MODELS = Guardrail(
    name="release-only",
    summary="only the release role changes models, endpoints and jobs in UAT and production",
    remedy="push to the model's repository; its pipeline releases it",
    scopes=_STAGES,
    preventive=_models,
)
SCALING = Guardrail(
    name="release-scaling-only",
    summary="only the release role has endpoints scaled in UAT and production",
    remedy="push to the model's repository; its pipeline releases it",
    scopes=_STAGES,
    preventive=_scaling,
)
DATA = Guardrail(
    name="release-data-only",
    summary="only jobs and releases write the data of UAT and production",
    remedy="run it as a job of the model's pipeline",
    scopes=_STAGES,
    preventive=_data,
)
JOB_LOGS = Guardrail(
    name="protect-job-logs",
    summary="nobody deletes, redirects or hides what jobs and endpoints logged",
    remedy="log groups below /aws/sagemaker/ stay; use log groups of your own",
    scopes=_STAGES,
    preventive=_job_logs,
)
APPROVAL = Guardrail(
    name="approve-by-pipeline",
    summary="a model version is approved only by its release pipeline, after a person's approval",
    remedy="approve the release in the model's release pipeline",
    scopes=(ROOT,),
    preventive=_approval,
)
PIPELINES = Guardrail(
    name="protect-pipelines",
    summary="only the platform changes pipelines, and only pipelines write what they carry",
    remedy="change the file and apply it, or push to the model's repository",
    scopes=("Infrastructure",),
    preventive=_pipelines,
)
