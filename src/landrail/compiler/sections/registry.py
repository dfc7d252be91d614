"""What a model owns in shared services for good: its code repository, its image repository with
tags that never move, and its group of registered versions; other accounts by exact role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landrail.compiler import kinds, site
from landrail.compiler.parts import access
from landrail.compiler.parts.templates import Resources, resource, template
from landrail.compiler.sections.machines import STAGES
from landrail.compiler.statements import Statement, allow, aws, document, role_arn
from landrail.resources import Stack
from landrail.spec import Platform

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def compile_registry(platform: Platform) -> Iterator[Stack]:
    """Yield the registry stack of each model."""
    shared = platform.shared_services().name
    for model, entry in platform.models.items():
        lob = platform.teams[entry.team].lob
        made = template(
            f"Landrail: repositories and registry of {model}",
            _repository(platform, model),
            _images(platform, model, lob),
            _group(platform, model, lob),
        )
        users = [site.account_of(platform, stage, lob).name for stage in ("data-science", *STAGES)]
        users += _development(platform, lob)
        after = [
            site.stack_address(shared, f"artifacts-{lob}"),
            *(site.stack_address(account, "roles") for account in users),
        ]
        yield site.stack(platform, shared, f"registry-{model}", made, after=after)


def _development(platform: Platform, lob: str) -> list[str]:
    """The line's development account, if it has one."""
    return [made.name for made in platform.accounts_of("development") if made.lob == lob]


def _repository(platform: Platform, model: str) -> Resources:
    if platform.models[model].connection is not None:
        return {}
    name = site.repository(platform, model)
    models = site.in_codecommit(platform, platform.models)
    first = next(m for m in models if site.repository(platform, m) == name)
    if first != model:
        return {}
    properties = {
        "RepositoryName": name,
        "RepositoryDescription": f"Code of the model {model}",
    }
    return {"Code": resource("AWS::CodeCommit::Repository", properties, retain=True)}


def _images(platform: Platform, model: str, lob: str) -> Resources:
    science = site.account_of(platform, "data-science", lob).name
    pullers = [
        role_arn(science, "job"),
        *(role_arn(science, site.studio_role(one)) for one in site.scientists(platform, lob)),
        role_arn(site.account_of(platform, "uat", lob).name, "job"),
        *(role_arn(account, "job") for account in _development(platform, lob)),
        *(
            role_arn(site.account_of(platform, kind, lob).name, "model")
            for kind in kinds.stages(platform, lob)
        ),
    ]
    # A repository policy has no Resource: it is the repository.
    pull: Statement = {
        "Sid": "Pull",
        "Effect": "Allow",
        "Principal": aws(pullers),
        "Action": list(_PULL),
    }
    shared = platform.shared_services().name
    properties = {
        "RepositoryName": site.model_name(model),
        "ImageTagMutability": "IMMUTABLE",
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "EncryptionConfiguration": {
            "EncryptionType": "KMS",
            "KmsKey": site.key_arn(platform, shared, site.artifact_alias(lob)),
        },
        "RepositoryPolicyText": document(pull),
    }
    return {"Images": resource("AWS::ECR::Repository", properties, retain=True)}


def _look(group: str, packages: str, readers: Sequence[str]) -> list[Statement]:
    """What people of the model's team may do with its versions from the line's accounts."""
    if not readers:
        return []
    actions = (
        "sagemaker:DescribeModelPackage",
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:ListModelPackages",
    )
    return [allow(actions, [group, packages], sid="Look", principal=aws(readers))]


def _group(platform: Platform, model: str, lob: str) -> Resources:
    group, packages = site.group_arn(platform, model), site.package_arns(platform, model)
    uat = aws([role_arn(site.account_of(platform, "uat", lob).name, "release")])
    making = role_arn(site.account_of(platform, "production", lob).name, "release-stack")
    policy = document(
        allow(access.REGISTER, [group, packages], sid="Register", principal=uat),
        allow(
            ("sagemaker:CreateModel", "sagemaker:DescribeModelPackage"),
            packages,
            sid="Make",
            principal=aws([making]),
        ),
        *_look(group, packages, site.readers(platform, model)),
    )
    properties = {
        "ModelPackageGroupName": site.model_name(model),
        "ModelPackageGroupDescription": f"Versions of the model {model}",
        "ModelPackageGroupPolicy": policy,
    }
    return {"Group": resource("AWS::SageMaker::ModelPackageGroup", properties, retain=True)}
