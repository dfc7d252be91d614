"""Repositories, builds and pipelines, good and bad."""

from __future__ import annotations

from typing import Any

from inventory_place import (
    STRANGER,
    Made,
    Place,
    allow,
    either,
    neighbour,
    new_bucket,
    policy,
)
from made_sagemaker import key, network


def _ecr(place: Place, name: str, closed: bool) -> str:
    more: dict[str, Any] = {}
    if closed:
        more = {
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": key(place)},
        }
    ecr = place.client("ecr")
    ecr.create_repository(repositoryName=name, **more)
    who = neighbour(place) if closed else STRANGER
    text = policy(allow("ecr:BatchGetImage", who, None))
    ecr.set_repository_policy(repositoryName=name, policyText=text)
    if closed:
        rule = (
            '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged",'
            ' "countType": "imageCountMoreThan", "countNumber": 9}, "action": {"type": "expire"}}]}'
        )
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=rule)
    return name


def _domain(place: Place, name: str, closed: bool) -> str:
    codeartifact = place.client("codeartifact")
    more = {"encryptionKey": key(place)} if closed else {}
    codeartifact.create_domain(domain=name, **more)
    who = neighbour(place) if closed else STRANGER
    codeartifact.put_domain_permissions_policy(
        domain=name, policyDocument=policy(allow("codeartifact:DescribeDomain", who))
    )
    return name


def _packages(place: Place, name: str, who: Any) -> str:
    codeartifact = place.client("codeartifact")
    if not codeartifact.list_domains()["domains"]:
        codeartifact.create_domain(domain="packages")
    domain = codeartifact.list_domains()["domains"][0]["name"]
    codeartifact.create_repository(domain=domain, repository=name)
    codeartifact.put_repository_permissions_policy(
        domain=domain,
        repository=name,
        policyDocument=policy(allow("codeartifact:ReadFromRepository", who)),
    )
    return name


def _project(place: Place, name: str, closed: bool) -> str:
    variable = {"name": "AWS_SECRET_ACCESS_KEY", "value": "x", "type": "PLAINTEXT"}
    more: dict[str, Any] = {}
    logs: dict[str, Any] = {"cloudWatchLogs": {"status": "DISABLED"}}
    if closed:
        there = network(place)
        vpc = place.client("ec2").describe_subnets(SubnetIds=there["Subnets"])["Subnets"][0]
        more["vpcConfig"] = {
            "vpcId": vpc["VpcId"],
            "subnets": there["Subnets"],
            "securityGroupIds": there["SecurityGroupIds"],
        }
        logs = {"cloudWatchLogs": {"status": "ENABLED", "groupName": "builds"}}
    place.client("codebuild").create_project(
        name=name,
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases: {}"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [] if closed else [variable],
        },
        serviceRole=place.worker,
        logsConfig=logs,
        **more,
    )
    return name


def _pipeline(place: Place, name: str, deployments: int) -> str:
    s3 = new_bucket(place, name)
    versioning = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    source = {
        "name": "fetch",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        "configuration": {
            "S3Bucket": name,
            "S3ObjectKey": "source.zip",
            "PollForSourceChanges": "false",
        },
        "outputArtifacts": [{"name": "source"}],
    }
    kind = {"category": "Deploy", "owner": "AWS", "provider": "CloudFormation", "version": "1"}
    deploys = [
        {
            "name": f"to-{number}",
            "actionTypeId": kind,
            "runOrder": number,
            "inputArtifacts": [{"name": "source"}],
            "configuration": {
                "ActionMode": "CREATE_UPDATE",
                "StackName": f"stack-{number}",
                "TemplatePath": "source::template.json",
                "RoleArn": place.worker,
            },
        }
        for number in range(1, deployments + 1)
    ]
    stages = [{"name": "Source", "actions": [source]}, {"name": "Deploy", "actions": deploys}]
    place.client("codepipeline").create_pipeline(
        pipeline={
            "name": name,
            "roleArn": place.worker,
            "artifactStore": {"type": "S3", "location": name},
            "stages": stages,
        }
    )
    return name


MADE = (
    either(
        _ecr,
        table="ecr_repositories",
        rules=(
            "ecr-repository-open-outside",
            "ecr-private-image-scanning-enabled",
            "ecr-private-tag-immutability-enabled",
            "ecr-private-lifecycle-policy-configured",
            "ecr-repository-cmk-encryption-enabled",
        ),
    ),
    either(
        _domain,
        table="codeartifact_domains",
        rules=("codeartifact-domain-open-outside", "codeartifact-domain-key"),
    ),
    Made(
        table="codeartifact_repositories",
        rules=("codeartifact-repository-open-outside",),
        wrong=lambda place, name: _packages(place, name, STRANGER),
        right=lambda place, name: _packages(place, name, neighbour(place)),
    ),
    either(
        _project,
        table="codebuild_projects",
        rules=(
            "codebuild-project-envvar-awscred-check",
            "codebuild-project-envvar-secret-check",
            "codebuild-project-logging-enabled",
            "codebuild-project-in-vpc",
        ),
    ),
    Made(
        table="codepipeline_pipelines",
        rules=("codepipeline-deployment-count-check",),
        wrong=lambda place, name: _pipeline(place, name, 2),
        right=lambda place, name: _pipeline(place, name, 1),
    ),
)
