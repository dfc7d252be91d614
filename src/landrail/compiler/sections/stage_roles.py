"""Roles of UAT, production and development: the release role and what it hands to SageMaker and
CloudFormation, and the people who may look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts import access, buckets, keys
from landrail.compiler.parts.roles import (
    by_cloudformation,
    by_people,
    by_roles,
    by_services,
    role,
    roles,
)
from landrail.compiler.parts.templates import Resources, template
from landrail.compiler.sections.machines import stack_of
from landrail.compiler.statements import Statement, allow, role_arn
from landrail.resources import Stack, account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

Named = tuple[str, dict[str, Any]]
_SAGEMAKER = "sagemaker.amazonaws.com"
_ANY_NAME = ("",)


def compile_stage_roles(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of roles of each account that jobs and endpoints run in."""
    shared = platform.shared_services().name
    for kind in site.STAGE_KINDS:
        for account in platform.accounts_of(kind):
            made = template(f"Landrail: roles of {kind}", _roles(platform, account))
            after = []
            if kind != "development":
                after.append(site.stack_address(shared, stack_of(platform, account.lob or "")))
            yield site.stack(platform, account.name, "roles", made, after=after)


def _roles(platform: Platform, account: AccountMade) -> Resources:
    named = [("job", _job(platform, account))]
    if account.kind != "development":
        named += [
            ("model", _model(platform, account)),
            ("release", _release(platform, account)),
            ("release-stack", _release_stack(platform, account)),
        ]
    return roles(*named, *_people(platform, account))


def _job(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob = account.lob or ""
    return role(
        "job",
        by_services(account.name, _SAGEMAKER),
        [
            *access.read_granted(platform, lob),
            *access.pull_images(platform, lob),
            *access.use_bucket(site.stage_bucket(platform, account.name), "Stage"),
            access.use_key(platform, account.name, site.STAGE_ALIAS, "StageKey"),
            access.grant_key(platform, account.name, site.STAGE_ALIAS, "StageVolumes"),
            *access.write_logs(platform, account.name),
            access.network_interfaces(),
        ],
        description="Execution role of processing and training",
    )


def _model(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob = account.lob or ""
    statements = [
        *access.pull_images(platform, lob),
        *_read_released(platform, lob),
        *access.write_logs(platform, account.name),
        access.network_interfaces(),
    ]
    if account.kind == "production":
        bucket = site.stage_bucket(platform, account.name)
        statements += [
            *access.read_granted(platform, lob),
            *access.use_bucket(bucket, "Batch", prefixes=("batch/*",)),
            access.use_key(platform, account.name, site.STAGE_ALIAS, "StageKey"),
        ]
    return role(
        "model",
        by_services(account.name, _SAGEMAKER),
        statements,
        description="Execution role of endpoints and batch transforms",
    )


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


def _release(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob, name = account.lob or "", account.name
    shared = platform.shared_services().name
    entered_by = role_arn(shared, site.machine_role("pipeline", lob, account.kind))
    models = site.models_of(platform, lob)
    statements = [*access.read_operations(platform, name)]
    if models:
        statements += [
            *access.run_jobs(platform, name, _ANY_NAME),
            *access.serve_models(platform, name, _ANY_NAME),
            access.pass_roles(name, ["job", "model"], "sagemaker", "PassExecutionRoles"),
            *_stacks(platform, account),
            *_registry(platform, account),
            *_artifacts(platform, account),
            *access.use_bucket(site.stage_bucket(platform, name), "Stage"),
            access.use_key(
                platform, name, site.STAGE_ALIAS, "StageKey", services=("s3", "sagemaker")
            ),
            access.grant_key(platform, name, site.STAGE_ALIAS, "StageVolumes"),
            _parameters(platform, name),
        ]
    return role(
        "release",
        by_roles(entered_by),
        statements,
        description="Changes models, endpoints and jobs here; entered by its pipeline alone",
    )


def _release_stack(platform: Platform, account: AccountMade) -> dict[str, Any]:
    models = site.models_of(platform, account.lob or "")
    statements = []
    if models:
        statements = [
            *access.serve_models(platform, account.name, _ANY_NAME),
            access.pass_roles(account.name, ["model"], "sagemaker", "PassModelRole"),
            allow(("sagemaker:Describe*", "sagemaker:List*"), "*", sid="Read"),
            access.grant_key(platform, account.name, site.STAGE_ALIAS, "StageVolumes"),
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
        f"{base}/{site.model_stack(m, account.kind)}/*"
        for m in site.models_of(platform, account.lob or "")
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


def _parameters(platform: Platform, account: str) -> Statement:
    parameters = f"arn:aws:ssm:{platform.region}:{account_id(account)}:parameter/landrail/network/*"
    return allow(("ssm:GetParameter", "ssm:GetParameters"), parameters, sid="Network")


def _people(platform: Platform, account: AccountMade) -> Iterator[Named]:
    for team in site.teams_of(platform, account.lob or ""):
        entry = platform.teams[team]
        for job, people in (("data-scientist", entry.scientists), ("mlops", entry.mlops)):
            if not people or (job == "data-scientist" and account.kind == "production"):
                continue
            name = site.team_role(job, team)
            trust = by_people(platform, account.name, people)
            yield name, role(name, trust, _looking(platform, account, job, team), hours=8)


def _developing(platform: Platform, account: AccountMade, team: str) -> list[Statement]:
    """In development a team tries what it is about to release, under its own name."""
    if account.kind != "development":
        return []
    name, prefixes = account.name, [f"{team}-"]
    bucket = site.stage_bucket(platform, name)
    return [
        *access.run_jobs(platform, name, prefixes),
        *access.serve_models(platform, name, prefixes),
        *access.use_bucket(bucket, "Stage", prefixes=[f"{team}/*"]),
        access.use_key(platform, name, site.STAGE_ALIAS, "StageKey", services=("s3", "sagemaker")),
        access.grant_key(platform, name, site.STAGE_ALIAS, "StageVolumes"),
        access.pass_roles(name, ["job"], "sagemaker", "PassExecutionRole"),
        access.network_interfaces(),
        _parameters(platform, name),
    ]


def _looking(platform: Platform, account: AccountMade, job: str, team: str) -> list[Statement]:
    made = access.read_operations(platform, account.name)
    if job != "mlops":
        return [*made, *_developing(platform, account, team)]
    reads = ("cloudformation:Describe*", "cloudformation:List*")
    made.append(allow(reads, "*", sid="ReadStacks"))
    bucket = site.stage_bucket(platform, account.name)
    made += [
        allow(buckets.LIST, buckets.arn(bucket), sid="FindOutputs"),
        allow(buckets.READ, buckets.arn(bucket, "*"), sid="ReadOutputs"),
    ]
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account.name)}:endpoint"
    suffix = "-staging" if account.kind == "uat" else ""
    endpoints = [
        f"{base}/{site.model_name(name)}{suffix}"
        for name, model in platform.models.items()
        if model.team == team
    ]
    if endpoints:
        made.append(allow("sagemaker:InvokeEndpoint", endpoints, sid="Ask"))
    return made
