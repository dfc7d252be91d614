"""People in shared services: scientists push code and read packages and images, MLOps engineers
operate and approve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import kinds, site
from landrail.compiler.parts import access
from landrail.compiler.parts.roles import by_people, role, roles
from landrail.compiler.parts.templates import template
from landrail.compiler.statements import Statement, allow
from landrail.resources import Stack, account_id
from landrail.spec import Platform

_READ_CODE = (
    "codecommit:BatchGet*",
    "codecommit:Describe*",
    "codecommit:Get*",
    "codecommit:GitPull",
    "codecommit:List*",
)
_WRITE_CODE = (
    "codecommit:CreateBranch",
    "codecommit:CreateCommit",
    "codecommit:CreatePullRequest*",
    "codecommit:GitPush",
    "codecommit:MergePullRequest*",
    "codecommit:PostComment*",
    "codecommit:PutFile",
    "codecommit:UpdatePullRequest*",
)
_READ_PIPELINES = (
    "codepipeline:GetPipeline",
    "codepipeline:GetPipelineExecution",
    "codepipeline:GetPipelineState",
    "codepipeline:ListActionExecutions",
    "codepipeline:ListPipelineExecutions",
    "codepipeline:ListRuleExecutions",
)
_READ_IMAGES = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:GetDownloadUrlForLayer",
    "ecr:ListImages",
)
_READ_REGISTRY = ("sagemaker:DescribeModelPackage*", "sagemaker:ListModelPackages")


def compile_team_roles(platform: Platform) -> Iterator[Stack]:
    """Yield for each line that has teams the stack of its people in shared services."""
    shared = platform.shared_services().name
    for lob in platform.lines_of_business:
        named = list(_named(platform, shared, lob))
        if named:
            made = template(f"Landrail: people of {lob} in shared services", roles(*named))
            yield site.stack(platform, shared, f"people-{lob}", made)


def _named(platform: Platform, shared: str, lob: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for team in site.teams_of(platform, lob):
        entry = platform.teams[team]
        models = [name for name, model in platform.models.items() if model.team == team]
        for job, people, statements in (
            ("data-scientist", entry.scientists, _scientist(platform, models)),
            ("mlops", entry.mlops, _mlops(platform, models)),
        ):
            if people:
                name = site.team_role(job, team)
                trust = by_people(platform, shared, people)
                yield name, role(name, trust, statements, hours=8)


def _scientist(platform: Platform, models: list[str]) -> list[Statement]:
    made = [*access.read_packages(platform), *_finding()]
    if models:
        made += [
            *_code(platform, models, (*_READ_CODE, *_WRITE_CODE)),
            *_reading(platform, models),
        ]
    return made


def _code(platform: Platform, models: list[str], actions: tuple[str, ...]) -> list[Statement]:
    """What people may do with code in CodeCommit; who may at other hosts, those say."""
    inside = site.in_codecommit(platform, models)
    code = list(dict.fromkeys(site.repository_arn(platform, model) for model in inside))
    return [allow(actions, code, sid="Code")] if code else []


def _mlops(platform: Platform, models: list[str]) -> list[Statement]:
    made = [*access.read_packages(platform), *_finding()]
    if not models:
        return made
    pipelines = [
        site.pipeline_arn(platform, model, suffix)
        for model in models
        for suffix in kinds.suffixes(platform, model)
    ]
    stages = [f"{arn}/*" for arn in pipelines]
    operate = (
        "codepipeline:DisableStageTransition",
        "codepipeline:EnableStageTransition",
        "codepipeline:OverrideStageCondition",
        "codepipeline:RetryStageExecution",
        "codepipeline:RollbackStage",
    )
    execute = ("codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution")
    approvals = [
        f"{site.pipeline_arn(platform, model, kinds.RELEASE)}/Approval/Approve"
        for model in models
        if kinds.releases(platform, model)
    ]
    made += [
        *_code(platform, models, _READ_CODE),
        *_reading(platform, models),
        allow(execute, pipelines, sid="Run"),
        allow(operate, [*pipelines, *stages], sid="Operate"),
    ]
    if approvals:
        made.append(allow("codepipeline:PutApprovalResult", approvals, sid="Approve"))
    return made


def _finding() -> list[Statement]:
    actions = (
        "codebuild:ListProjects",
        "codecommit:ListRepositories",
        "codepipeline:ListPipelines",
        "ecr:DescribeRegistry",
        "ecr:GetAuthorizationToken",
        "logs:DescribeLogGroups",
        "sagemaker:ListModelPackageGroups",
    )
    return [allow(actions, "*", sid="Find")]


def _reading(platform: Platform, models: list[str]) -> list[Statement]:
    pipelines = [
        site.pipeline_arn(platform, model, suffix)
        for model in models
        for suffix in kinds.suffixes(platform, model)
    ]
    shared = account_id(platform.shared_services().name)
    base = f"arn:aws:codebuild:{platform.region}:{shared}:project"
    logs = f"arn:aws:logs:{platform.region}:{shared}:log-group:/aws/codebuild"
    registry = [
        arn
        for model in models
        for arn in (site.group_arn(platform, model), site.package_arns(platform, model))
    ]
    return [
        allow(_READ_PIPELINES, pipelines, sid="Pipelines"),
        allow(
            ("codebuild:BatchGet*", "codebuild:ListBuildsForProject"),
            [f"{base}/{site.model_name(model)}-*" for model in models],
            sid="Builds",
        ),
        allow(
            ("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            [f"{logs}/{site.model_name(model)}-*" for model in models],
            sid="BuildLogs",
        ),
        allow(_READ_IMAGES, [site.image_arn(platform, model) for model in models], sid="Images"),
        allow(_READ_REGISTRY, registry, sid="Registry"),
    ]
