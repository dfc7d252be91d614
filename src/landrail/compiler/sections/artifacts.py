"""What the pipelines of a line of business carry, in shared services: a bucket and key that name
exactly their users, the build role, the events role, and the powers of the two stages' roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landrail.compiler import names, site
from landrail.compiler.parts import access, buckets, keys
from landrail.compiler.parts.roles import by_services, managed_policy, role, roles
from landrail.compiler.parts.templates import Resources, template
from landrail.compiler.sections.machines import STAGES, stack_of
from landrail.compiler.statements import (
    Statement,
    allow,
    aws,
    role_arn,
)
from landrail.resources import Stack, account_id
from landrail.spec import Platform

_PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:DescribeImages",
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
BUILD_STEPS = {"uat": ("build", "train", "test"), "production": ("approve", "batch")}


def compile_artifacts(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of each line that has models: artifacts and the machines' powers."""
    shared = platform.shared_services().name
    for lob in platform.lines_of_business:
        if not site.models_of(platform, lob):
            continue
        bucket = site.artifact_bucket(platform, lob)
        made = template(
            f"Landrail: artifacts of the pipelines of {lob}",
            roles(
                (site.machine_role("build", lob), _build(platform, lob)),
                (site.machine_role("events", lob), _events(platform, lob)),
            ),
            _powers(platform, lob),
            keys.key(
                platform,
                shared,
                site.artifact_alias(lob),
                f"Artifacts of {lob}",
                _key_uses(platform, lob),
            ),
            buckets.bucket(bucket, _bucket_uses(platform, lob, bucket)),
        )
        for logical in ("Key", "BucketPolicy"):
            made["Resources"][logical]["DependsOn"] = [
                names.logical_id("role", site.machine_role("build", lob))
            ]
        after = [
            site.stack_address(shared, stack_of(platform, lob)),
            *(
                site.stack_address(site.account_of(platform, stage, lob).name, "roles")
                for stage in STAGES
            ),
        ]
        yield site.stack(platform, shared, f"artifacts-{lob}", made, after=after)


def _machines(platform: Platform, lob: str) -> list[str]:
    shared = platform.shared_services().name
    return [
        role_arn(shared, site.machine_role("build", lob)),
        *(role_arn(shared, site.machine_role("pipeline", lob, stage)) for stage in STAGES),
    ]


def _in_stages(platform: Platform, lob: str, name: str) -> list[str]:
    return [role_arn(site.account_of(platform, stage, lob).name, name) for stage in STAGES]


def _key_uses(platform: Platform, lob: str) -> list[Statement]:
    services = [keys.via(service, platform.region) for service in ("s3", "ecr", "codebuild")]
    s3 = [keys.via("s3", platform.region)]
    shared = platform.shared_services().name
    return [
        keys.used_by("Machines", _machines(platform, lob), services),
        keys.used_by("Releases", _in_stages(platform, lob, "release"), s3),
        keys.used_by("Models", _in_stages(platform, lob, "model"), s3, keys.READ),
        keys.granted_by("Repositories", [role_arn(shared, "platform")]),
    ]


def _bucket_uses(platform: Platform, lob: str, bucket: str) -> list[Statement]:
    uat, _ = _in_stages(platform, lob, "release")
    machines = aws(_machines(platform, lob))
    releases = aws(_in_stages(platform, lob, "release"))
    models = aws(_in_stages(platform, lob, "model"))
    everything = buckets.arn(bucket, "*")
    whole = (*buckets.READ, *buckets.WRITE)
    of_models = buckets.arn(bucket, "models/*")
    shared = platform.shared_services().name
    proposing = role_arn(shared, site.machine_role("pipeline", lob, "uat"))
    looks = (*buckets.LIST, "s3:GetBucketVersioning", "s3:GetBucketAcl")
    return [
        # A build runs the code of a push. What goes on to UAT and production comes from those who
        # have measured it.
        buckets.refuse_other_writers(
            platform, shared, bucket, [uat], objects="models/*", of="OfModels"
        ),
        buckets.refuse_other_writers(
            platform, shared, bucket, [proposing], objects="candidates/*", of="OfCandidates"
        ),
        allow(looks, buckets.arn(bucket), sid="MachinesList", principal=machines),
        allow(whole, everything, sid="Machines", principal=machines),
        allow(buckets.LIST, buckets.arn(bucket), sid="ReleasesList", principal=releases),
        allow(buckets.READ, everything, sid="Releases", principal=releases),
        allow(buckets.WRITE, of_models, sid="Publish", principal=aws([uat])),
        allow("s3:ListBucket", buckets.arn(bucket), sid="ModelsList", principal=models),
        allow(buckets.READ, of_models, sid="Models", principal=models),
    ]


def _build(platform: Platform, lob: str) -> dict[str, object]:
    models = site.models_of(platform, lob)
    domain = site.package_domain(platform)
    packages = f"package/{domain}/{site.PACKAGES}/*"
    arns = site.shared_arns(
        platform, "codeartifact", packages, f"repository/{domain}/{site.PACKAGES}"
    )
    publish = ("codeartifact:PublishPackageVersion", "codeartifact:PutPackageMetadata")
    return role(
        site.machine_role("build", lob),
        by_services(platform.shared_services().name, "codebuild.amazonaws.com"),
        [
            *_carry(platform, lob),
            *_write_build_logs(platform, lob),
            allow("ecr:GetAuthorizationToken", "*", sid="ImageToken"),
            allow(_PUSH, [site.image_arn(platform, m) for m in models], sid="PushImages"),
            *access.read_packages(platform),
            allow(publish, arns, sid="PublishPackages"),
        ],
        description="Builds: source in, image and package out",
    )


def _events(platform: Platform, lob: str) -> dict[str, object]:
    models = site.models_of(platform, lob)
    pipelines = [site.pipeline_arn(platform, model) for model in models]
    return role(
        site.machine_role("events", lob),
        by_services(platform.shared_services().name, "events.amazonaws.com"),
        [allow("codepipeline:StartPipelineExecution", pipelines, sid="Start")],
        description="Starts the pipelines when their repositories change",
    )


def _powers(platform: Platform, lob: str) -> Resources:
    made: Resources = {}
    for stage in STAGES:
        name = site.machine_role("pipeline", lob, stage)
        statements = [
            *_carry(platform, lob),
            *_write_build_logs(platform, lob),
            *_run(platform, lob, stage),
            allow(
                "sts:AssumeRole",
                role_arn(site.account_of(platform, stage, lob).name, "release"),
                sid="Release",
            ),
        ]
        made |= managed_policy(name, statements, attach=[name])
    return made


def _carry(platform: Platform, lob: str) -> list[Statement]:
    bucket = site.artifact_bucket(platform, lob)
    shared = platform.shared_services().name
    looks = (*buckets.LIST, "s3:GetBucketVersioning", "s3:GetBucketAcl")
    return [
        allow(looks, buckets.arn(bucket), sid="FindArtifacts"),
        allow((*buckets.READ, *buckets.WRITE), buckets.arn(bucket, "*"), sid="Carry"),
        access.use_key(
            platform, shared, site.artifact_alias(lob), "ArtifactKey", services=("s3", "codebuild")
        ),
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
    projects = _projects(platform, models, BUILD_STEPS[stage])
    made = [allow(("codebuild:BatchGetBuilds", "codebuild:StartBuild"), projects, sid="RunBuilds")]
    releases = [site.pipeline_arn(platform, model, "-release") for model in models]
    if stage == "uat":
        sources = [site.repository_arn(platform, model) for model in models]
        return [
            *made,
            allow(_SOURCE, sources, sid="Source"),
            allow("codepipeline:StartPipelineExecution", releases, sid="Propose"),
        ]
    packages = [site.package_arns(platform, model) for model in models]
    return [
        *made,
        allow("codepipeline:GetPipelineState", releases, sid="WhoApproved"),
        allow(
            ("sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"),
            packages,
            sid="Approve",
        ),
    ]


def _projects(platform: Platform, models: Sequence[str], steps: Sequence[str]) -> list[str]:
    return [site.project_arn(platform, model, step) for model in models for step in steps]
