"""What the machines of a line may do in shared services: the builds, the rules that start
pipelines, and the roles of the stages, under which pipelines walk and steps run."""

from __future__ import annotations

from landrail.compiler import kinds, site
from landrail.compiler.parts import access, buckets
from landrail.compiler.parts.roles import by_services, managed_policy, role
from landrail.compiler.parts.templates import Resources
from landrail.compiler.sections.machines import STAGES
from landrail.compiler.statements import Condition, Statement, allow, role_arn
from landrail.resources import account_id
from landrail.spec import Platform
from landrail.spec.pipelines import Kind

_PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
_SOURCE = (
    "codecommit:CancelUploadArchive",
    "codecommit:GetBranch",
    "codecommit:GetCommit",
    "codecommit:GetRepository",
    "codecommit:GetUploadArchiveStatus",
    "codecommit:UploadArchive",
)
_LOOKS = ("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket")
_VERSIONING = ("s3:GetBucketVersioning",)
"""What CodePipeline asks of the bucket of its artifacts, under the role that a pipeline has."""
_HISTORY = ("codepipeline:GetPipelineExecution", "codepipeline:ListActionExecutions")
_BUILDS = ("codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild")


def build_role(platform: Platform, lob: str) -> dict[str, object]:
    """Return the role of the builds of commits."""
    models = site.models_of(platform, lob)
    domain = site.package_domain(platform)
    packages = f"package/{domain}/{site.PACKAGES}/*"
    arns = site.shared_arns(
        platform, "codeartifact", packages, f"repository/{domain}/{site.PACKAGES}"
    )
    return role(
        site.machine_role("build", lob),
        by_services(platform.shared_services().name, "codebuild.amazonaws.com"),
        [
            *_carry(platform, lob, _LOOKS),
            *_write_build_logs(platform, lob),
            allow("ecr:GetAuthorizationToken", "*", sid="ImageToken"),
            allow(_PUSH, [site.image_arn(platform, m) for m in models], sid="PushImages"),
            *access.read_packages(platform),
            allow("codeartifact:PublishPackageVersion", arns, sid="PublishPackages"),
        ],
        description="Builds: source in, image and package out",
    )


def events_role(platform: Platform, lob: str) -> dict[str, object]:
    """Return the role of the rules of Events."""
    models = site.models_of(platform, lob)
    pipelines = [
        site.pipeline_arn(platform, model, kinds.SUFFIX[kind])
        for model in models
        for kind in kinds.SUFFIX
        if kind in _started(platform, model)
    ]
    pipelines += [
        site.pipeline_arn(platform, model, kinds.BATCH)
        for model in models
        if kinds.scheduled_batch(platform, model) is not None
    ]
    rejecting = [
        site.project_arn(platform, model, "reject")
        for model in models
        if kinds.releases(platform, model)
    ]
    return role(
        site.machine_role("events", lob),
        by_services(platform.shared_services().name, "events.amazonaws.com"),
        [
            *_on(pipelines, "codepipeline:StartPipelineExecution", sid="Start"),
            *_on(rejecting, "codebuild:StartBuild", sid="Record"),
        ],
        description="Starts the pipelines on pushes and by time, and the record of rejections",
    )


def _started(platform: Platform, model: str) -> set[Kind]:
    """The kinds of a model's pipelines that rules of Events start."""
    started = {kind for kind, _ in kinds.schedules(platform, model)}
    pushed = kinds.pushed(platform, model)
    if pushed is not None and platform.models[model].connection is None:
        started.add(pushed)
    return started


def stage_powers(platform: Platform, lob: str) -> Resources:
    """Return what the roles of the stages may do, attached to them."""
    made: Resources = {}
    for stage in kinds.stages(platform, lob):
        name = site.machine_role("pipeline", lob, stage)
        statements = [
            *_carry(platform, lob, (*_LOOKS, *_VERSIONING) if stage in STAGES else _LOOKS),
            *_write_build_logs(platform, lob),
            *_run(platform, lob, stage),
            allow("sts:AssumeRole", _entered(platform, lob, stage), sid="Release"),
        ]
        made |= managed_policy(name, statements, attach=[name])
    return made


def _entered(platform: Platform, lob: str, stage: str) -> list[str]:
    """The release roles that a stage's role enters: its own, and for the pipeline to UAT that of
    the development stage which stands in it."""
    early = [kind for kind in kinds.stages(platform, lob) if kind not in STAGES]
    entered = [*early, stage] if stage == "uat" else [stage]
    return [role_arn(site.account_of(platform, one, lob).name, "release") for one in entered]


def _carry(platform: Platform, lob: str, looks: tuple[str, ...]) -> list[Statement]:
    """The line's bucket. Its key's policy names the role, which in one account is enough."""
    bucket = site.artifact_bucket(platform, lob)
    return [
        allow(looks, buckets.arn(bucket), sid="FindArtifacts"),
        allow((*buckets.READ, *buckets.WRITE), buckets.arn(bucket, "*"), sid="Carry"),
    ]


def _write_build_logs(platform: Platform, lob: str) -> list[Statement]:
    shared = account_id(platform.shared_services().name)
    groups = [
        f"arn:aws:logs:{platform.region}:{shared}:log-group:/aws/codebuild/{site.model_name(model)}-*"
        for model in site.models_of(platform, lob)
    ]
    actions = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
    return [allow(actions, groups, sid="BuildLogs")]


def _run(platform: Platform, lob: str, stage: str) -> list[Statement]:
    models = site.models_of(platform, lob)
    releases = [
        site.pipeline_arn(platform, model, kinds.RELEASE)
        for model in models
        if kinds.releases(platform, model)
    ]
    if stage == "uat":
        return [
            *_walk(platform, lob, ("uat", "development")),
            *_sources(platform, models),
            *_whose_work(platform, models),
            *_on(releases, "codepipeline:StartPipelineExecution", sid="Propose"),
        ]
    if stage != "production":
        return []
    packages = [site.package_arns(platform, model) for model in models]
    groups = [site.group_arn(platform, model) for model in models]
    return [
        *_walk(platform, lob, ("production",)),
        *_on(releases, *_HISTORY, sid="WhoApproved"),
        allow(
            ("sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"),
            packages,
            sid="Approve",
        ),
        allow("sagemaker:ListModelPackages", groups, sid="Champions"),
    ]


def _walk(platform: Platform, lob: str, stages: tuple[str, ...]) -> list[Statement]:
    """What a pipeline's own role needs for its builds in the stages that it walks through."""
    projects = [
        site.project_arn(platform, model, name)
        for model in site.models_of(platform, lob)
        for name in kinds.projects_of(platform, model)
        if kinds.PROJECTS[name].stage in stages
    ]
    return _on(projects, *_BUILDS, sid="RunBuilds")


def _sources(platform: Platform, models: tuple[str, ...]) -> list[Statement]:
    """The reading of the code that pipelines begin with, wherever it lies."""
    building = [model for model in models if kinds.building(platform, model)]
    inside = site.in_codecommit(platform, building)
    made = _on([site.repository_arn(platform, one) for one in inside], *_SOURCE, sid="Source")
    connected: dict[tuple[str, str], list[str]] = {}
    for model in building:
        repo, branch = platform.models[model].connection, platform.models[model].branch
        if repo is not None:
            branches = connected.setdefault((str(repo.connection), str(repo.id)), [])
            branches += [] if branch in branches else [branch]
    for number, ((arn, identity), branches) in enumerate(connected.items(), 1):
        service = arn.split(":")[2]
        condition: Condition = {
            "StringEquals": {f"{service}:FullRepositoryId": identity},
            # Not all that is asked of a host is about a branch.
            "StringEqualsIfExists": {f"{service}:BranchName": branches},
        }
        action = f"{service}:UseConnection"
        made.append(allow(action, arn, condition, sid=f"Source{number}"))
    return made


def _whose_work(platform: Platform, models: tuple[str, ...]) -> list[Statement]:
    """Both pipelines that take in code are named where a model may begin with what one of them
    left, whether it has it or not: who asks for one that it has not is told so, and a denial is no
    answer."""
    pipelines = [
        site.pipeline_arn(platform, model, suffix)
        for model in models
        for suffix in dict.fromkeys(
            (
                *(kinds.TAKING_CODE if kinds.choosing(platform, model) else ()),
                *kinds.suffixes(platform, model),
            )
        )
        if suffix not in (kinds.RELEASE, kinds.BATCH)
    ]
    return _on(pipelines, *_HISTORY, "codepipeline:ListPipelineExecutions", sid="WhoseWork")


def _on(resources: list[str], *actions: str, sid: str) -> list[Statement]:
    """A statement, unless there is nothing that it is about."""
    return [allow(actions, resources, sid=sid)] if resources else []
