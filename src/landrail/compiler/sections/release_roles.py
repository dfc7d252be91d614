"""The roles by which pipelines work in an account: `release`, entered by exactly its pipeline, and
what it hands to SageMaker (`model`) and CloudFormation (`release-stack`).

UAT and production always have them; an account of development where models have that stage in it.
There they are narrower: people experiment beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.compiler import kinds, site
from landrail.compiler.parts import access, buckets, keys
from landrail.compiler.parts.roles import by_cloudformation, by_roles, by_services, role
from landrail.compiler.sections import deployments
from landrail.compiler.sections.machines import STAGES, stack_of
from landrail.compiler.statements import Statement, allow, role_arn
from landrail.resources import Address, account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

Named = tuple[str, dict[str, Any]]
_SAGEMAKER = "sagemaker.amazonaws.com"
_ANY_NAME = ("",)
_SCORES = "batch/*"


def release_roles(platform: Platform, account: AccountMade) -> list[Named]:
    """Return the roles by which pipelines work in an account; none where they do not."""
    if not works_in(platform, account):
        return []
    return [
        ("model", _model(platform, account)),
        ("release", _release(platform, account)),
        ("release-stack", _release_stack(platform, account)),
    ]


def works_in(platform: Platform, account: AccountMade) -> bool:
    """Whether pipelines work in an account."""
    return account.kind in STAGES or bool(kinds.developed_in(platform, account))


def entrances(platform: Platform, account: AccountMade) -> list[Address]:
    """Return the stacks with the roles that enter an account."""
    if not works_in(platform, account):
        return []
    shared = platform.shared_services().name
    return [site.stack_address(shared, stack_of(platform, account.lob or ""))]


def _models(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    if account.kind in STAGES:
        return site.models_of(platform, account.lob or "")
    return kinds.developed_in(platform, account)


def _model(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob = account.lob or ""
    statements = [
        *access.pull_images(platform, lob),
        *(
            _read_released(platform, lob)
            if account.kind in STAGES
            else _read_own(platform, account)
        ),
        *access.write_logs(platform, account.name),
        access.network_interfaces(),
        *deployments.watched(platform, account),
        *deployments.captured(platform, account),
    ]
    scores = account.kind == "production" and _by_batch(platform, account)
    if scores:
        statements += access.read_granted(platform, lob)
    if scores or without_endpoint(platform, account):
        statements.append(_keep_scores(platform, account))
        if account.kind in STAGES:
            statements.append(access.list_bucket(site.own_bucket(platform, account), "Batch"))
    return role(
        "model",
        by_services(account.name, _SAGEMAKER),
        statements,
        description="Execution role of endpoints and batch transforms",
    )


def without_endpoint(platform: Platform, account: AccountMade) -> bool:
    """Whether a model serves by batch alone: a small transform tries it, and not an endpoint."""
    return any("online" not in platform.models[m].serve for m in _models(platform, account))


def _read_released(platform: Platform, lob: str) -> list[Statement]:
    if not site.models_of(platform, lob):
        return []
    shared = platform.shared_services().name
    bucket = site.artifact_bucket(platform, lob)
    return [
        allow("s3:GetObject", buckets.arn(bucket, "models/*"), sid="ReadModels"),
        access.list_bucket(bucket, "Models"),
        access.use_key(platform, shared, site.artifact_alias(lob), "ModelsKey", actions=keys.READ),
    ]


def _read_own(platform: Platform, account: AccountMade) -> list[Statement]:
    """In development a model is served from where it was trained: nothing of it goes further."""
    bucket = site.own_bucket(platform, account)
    return [
        allow("s3:GetObject", buckets.arn(bucket, "training/*"), sid="ReadModels"),
        access.list_bucket(bucket, "Models"),
    ]


def _release(platform: Platform, account: AccountMade) -> dict[str, Any]:
    name = account.name
    statements = []
    if _models(platform, account):
        work = {"uat": _in_uat, "production": _in_production}.get(account.kind, _in_development)
        statements = [
            *work(platform, account),
            *_stacks(platform, account),
            *_artifacts(platform, account),
            access.find_network(platform, name, "ssm:GetParameter"),
        ]
    return role(
        "release",
        by_roles(*_entering(platform, account)),
        statements,
        description="Changes models, endpoints and jobs here; entered by its pipeline alone",
    )


def _entering(platform: Platform, account: AccountMade) -> list[str]:
    """The role of the account's stage; a development stage is one of the pipeline to UAT, which
    deploys under its own role."""
    shared = platform.shared_services().name
    entered_from = [account.kind] if account.kind in STAGES else [account.kind, "uat"]
    lob = account.lob or ""
    return [role_arn(shared, site.machine_role("pipeline", lob, one)) for one in entered_from]


def _in_uat(platform: Platform, account: AccountMade) -> list[Statement]:
    """Jobs that train and measure, a champion to measure beside them, endpoints to try."""
    return [
        *_measuring(platform, account, _ANY_NAME),
        access.invoke_endpoints(platform, account.name, _ANY_NAME),
        *_registry(platform, account),
        *_outputs(platform, account, written=("champion/*",)),
    ]


def _in_production(platform: Platform, account: AccountMade) -> list[Statement]:
    """Jobs that score; endpoints are seen, and asked by those whom they serve. The registry is
    read by who releases, in shared services, and by CloudFormation."""
    made = [access.see_served(platform, account.name)]
    if _by_batch(platform, account):
        jobs = ("processing-job", "transform-job")
        made += [
            access.start_jobs(platform, account.name, _ANY_NAME, jobs),
            access.pass_roles(account.name, ["model"], "sagemaker", "PassModelRole"),
            _keep_scores(platform, account),
            access.list_bucket(site.own_bucket(platform, account), "Stage"),
        ]
    return made


def _by_batch(platform: Platform, account: AccountMade) -> bool:
    """Whether a model of an account scores files."""
    return any("batch" in platform.models[m].serve for m in _models(platform, account))


def _keep_scores(platform: Platform, account: AccountMade) -> Statement:
    """Where scores are kept, which those who go on with a run read again."""
    scores = buckets.arn(site.own_bucket(platform, account), _SCORES)
    return allow(("s3:GetObject", *buckets.WRITE), scores, sid="KeepScores")


def _measuring(
    platform: Platform, account: AccountMade, prefixes: Sequence[str]
) -> list[Statement]:
    """Jobs that train, measure, and try what has no endpoint."""
    tried = ("transform-job",) if without_endpoint(platform, account) else ()
    jobs = ("training-job", "processing-job", *tried)
    return [
        access.start_jobs(platform, account.name, prefixes, jobs),
        access.pass_roles(account.name, ["job"], "sagemaker", "PassJobRole"),
    ]


def _outputs(
    platform: Platform, account: AccountMade, *, written: tuple[str, ...] = ()
) -> list[Statement]:
    """Reading of what jobs leave, and writing of what they are given to read."""
    bucket = site.own_bucket(platform, account)
    tried = (_SCORES,) if without_endpoint(platform, account) else ()
    read = [buckets.arn(bucket, folder) for folder in ("evaluation/*", "training/*", *tried)]
    given = [buckets.arn(bucket, folder) for folder in (*written, *tried)]
    return [
        access.list_bucket(bucket, "Stage"),
        allow("s3:GetObject", read, sid="ReadStage"),
        *([allow(buckets.WRITE, given, sid="WriteStage")] if given else []),
    ]


def _in_development(platform: Platform, account: AccountMade) -> list[Statement]:
    """Jobs and endpoints of the models alone, their outputs to read; no registry."""
    models = kinds.developed_in(platform, account)
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account.name)}:endpoint"
    endpoints = [f"{base}/{site.endpoint(model, account.kind)}" for model in models]
    names = [f"{site.model_name(model)}-" for model in models]
    return [
        *_measuring(platform, account, names),
        allow("sagemaker:InvokeEndpoint", endpoints, sid="Invoke"),
        *_outputs(platform, account),
    ]


def _by_version(platform: Platform, account: AccountMade) -> list[Statement]:
    """Production makes its models of versions of the registry, whose policy lets it."""
    if account.kind != "production":
        return []
    packages = [site.package_arns(platform, model) for model in _models(platform, account)]
    return [allow("sagemaker:CreateModel", packages, sid="ModelsOfVersions")]


def _release_stack(platform: Platform, account: AccountMade) -> dict[str, Any]:
    statements = []
    if _models(platform, account):
        statements = [
            *access.change_models(platform, account.name, _ANY_NAME),
            access.pass_roles(account.name, ["model"], "sagemaker", "PassModelRole"),
            allow(("sagemaker:Describe*", "sagemaker:List*"), "*", sid="Read"),
            *_by_version(platform, account),
            *deployments.guarded(platform, account),
        ]
    return role(
        "release-stack",
        by_cloudformation(),
        statements,
        description="CloudFormation's role for models' stacks; handed over by `release` alone",
    )


def _stacks(platform: Platform, account: AccountMade) -> list[Statement]:
    base = f"arn:aws:cloudformation:{platform.region}:{account_id(account.name)}:stack"
    stacks = [
        f"{base}/{site.model_stack(model, account.kind)}/*" for model in _models(platform, account)
    ]
    actions = ["CreateStack", "DescribeStack*", "UpdateStack"]
    if account.kind != "production":
        actions.append("DeleteStack")
    return [
        allow([f"cloudformation:{each}" for each in actions], stacks, sid="ModelStacks"),
        allow("cloudformation:ValidateTemplate", "*", sid="CheckTemplates"),
        access.pass_roles(account.name, ["release-stack"], "cloudformation", "PassStackRole"),
    ]


def _registry(platform: Platform, account: AccountMade) -> list[Statement]:
    models = site.models_of(platform, account.lob or "")
    groups = [site.group_arn(platform, model) for model in models]
    packages = [site.package_arns(platform, model) for model in models]
    return [allow(access.REGISTER, [*groups, *packages], sid="Register")]


def _artifacts(platform: Platform, account: AccountMade) -> list[Statement]:
    lob = account.lob or ""
    shared = platform.shared_services().name
    bucket = site.artifact_bucket(platform, lob)
    made = [
        allow(buckets.READ, buckets.arn(bucket, "*"), sid="ReadArtifacts"),
        access.list_bucket(bucket, "Artifacts"),
        access.use_key(
            platform, shared, site.artifact_alias(lob), "ArtifactKey", actions=keys.READ
        ),
    ]
    if account.kind == "uat":
        alias = site.artifact_alias(lob)
        made += [
            allow(buckets.WRITE, buckets.arn(bucket, "models/*"), sid="PublishModels"),
            access.use_key(platform, shared, alias, "PublishKey", actions=keys.WRITE),
        ]
    return made
