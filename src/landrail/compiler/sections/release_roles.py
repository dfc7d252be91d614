"""The roles by which pipelines work in an account: `release`, entered by exactly its pipeline, and
what it hands to SageMaker (`model`) and CloudFormation (`release-stack`).

UAT and production always have them; an account of development where models have that stage in it.
There they are narrower: people experiment beside them.
"""

from __future__ import annotations

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


def network_parameters(platform: Platform, account: str) -> Statement:
    """Return the reading of an account's network from its parameters."""
    parameters = f"arn:aws:ssm:{platform.region}:{account_id(account)}:parameter/landrail/network/*"
    return allow(("ssm:GetParameter", "ssm:GetParameters"), parameters, sid="Network")


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
    if account.kind == "production":
        bucket = site.stage_bucket(platform, account.name)
        statements += [
            *access.read_granted(platform, lob),
            *access.use_bucket(bucket, "Batch", prefixes=("batch/*",)),
        ]
    elif without_endpoint(platform, account):
        bucket = site.own_bucket(platform, account)
        statements += access.use_bucket(bucket, "Batch", prefixes=("batch/*",))
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
        allow(buckets.READ, buckets.arn(bucket, "models/*"), sid="ReadModels"),
        allow("s3:ListBucket", buckets.arn(bucket), sid="FindModels"),
        access.use_key(platform, shared, site.artifact_alias(lob), "ModelsKey", actions=keys.READ),
    ]


def _read_own(platform: Platform, account: AccountMade) -> list[Statement]:
    """In development a model is served from where it was trained: nothing of it goes further."""
    bucket = site.own_bucket(platform, account)
    own = site.own_alias(account)
    return [
        allow(buckets.READ, buckets.arn(bucket, "training/*"), sid="ReadModels"),
        allow("s3:ListBucket", buckets.arn(bucket), sid="FindModels"),
        access.use_key(platform, account.name, own, "ModelsKey", actions=keys.READ),
    ]


def _release(platform: Platform, account: AccountMade) -> dict[str, Any]:
    name = account.name
    statements = [*access.read_operations(platform, name)]
    if _models(platform, account):
        statements += [
            *(_in_stage if account.kind in STAGES else _in_development)(platform, account),
            access.pass_roles(name, ["job", "model"], "sagemaker", "PassExecutionRoles"),
            *_stacks(platform, account),
            *_artifacts(platform, account),
            network_parameters(platform, name),
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


def _in_stage(platform: Platform, account: AccountMade) -> list[Statement]:
    return [
        *access.run_jobs(platform, account.name, _ANY_NAME),
        *_asking(platform, account),
        *_registry(platform, account),
        *access.use_bucket(site.stage_bucket(platform, account.name), "Stage"),
    ]


def _asking(platform: Platform, account: AccountMade) -> list[Statement]:
    """Endpoints are tried in UAT; production's are asked by those whom they serve."""
    if account.kind != "uat":
        return []
    return [access.invoke_endpoints(platform, account.name, _ANY_NAME)]


def _in_development(platform: Platform, account: AccountMade) -> list[Statement]:
    """Jobs and endpoints of the models alone, their outputs to read; no registry."""
    models = kinds.developed_in(platform, account)
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account.name)}:endpoint"
    endpoints = [f"{base}/{site.endpoint(model, account.kind)}" for model in models]
    bucket = site.own_bucket(platform, account)
    outputs = [buckets.arn(bucket, f"{folder}/*") for folder in ("evaluation", "training")]
    tried = without_endpoint(platform, account)
    return [
        *(access.use_bucket(bucket, "Tries", prefixes=("batch/*",))[1:] if tried else ()),
        *access.run_jobs(platform, account.name, [f"{site.model_name(m)}-" for m in models]),
        allow("sagemaker:InvokeEndpoint", endpoints, sid="Invoke"),
        allow(buckets.LIST, buckets.arn(bucket), sid="ListStage"),
        allow(buckets.READ, outputs, sid="ReadStage"),
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
    actions = (
        "cloudformation:*ChangeSet",
        "cloudformation:CreateStack",
        "cloudformation:DeleteStack",
        "cloudformation:Describe*",
        "cloudformation:Get*",
        "cloudformation:List*",
        "cloudformation:UpdateStack",
    )
    return [
        allow(actions, stacks, sid="ModelStacks"),
        allow("cloudformation:ValidateTemplate", "*", sid="CheckTemplates"),
        access.pass_roles(account.name, ["release-stack"], "cloudformation", "PassStackRole"),
    ]


def _registry(platform: Platform, account: AccountMade) -> list[Statement]:
    models = site.models_of(platform, account.lob or "")
    groups = [site.group_arn(platform, model) for model in models]
    packages = [site.package_arns(platform, model) for model in models]
    made = [
        allow(
            ("sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup"),
            [*groups, *packages],
            sid="ReadRegistry",
        )
    ]
    if account.kind == "uat":
        made.append(
            allow(
                ("sagemaker:CreateModelPackage", "sagemaker:ListModelPackages"),
                [*groups, *packages],
                sid="Register",
            )
        )
    return made


def _artifacts(platform: Platform, account: AccountMade) -> list[Statement]:
    lob = account.lob or ""
    shared = platform.shared_services().name
    bucket = site.artifact_bucket(platform, lob)
    made = [
        allow(buckets.READ, buckets.arn(bucket, "*"), sid="ReadArtifacts"),
        allow(buckets.LIST, buckets.arn(bucket), sid="ListArtifacts"),
        access.use_key(platform, shared, site.artifact_alias(lob), "ArtifactKey"),
    ]
    if account.kind == "uat":
        made.append(allow(buckets.WRITE, buckets.arn(bucket, "models/*"), sid="PublishModels"))
    return made
