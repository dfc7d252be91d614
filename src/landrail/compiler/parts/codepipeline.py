"""The shapes of CodePipeline: pipelines, stages, actions, variables. What stands in them is decided
by the section that uses them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts.templates import resource
from landrail.compiler.statements import role_arn
from landrail.spec import Platform
from landrail.spec.pipelines import Retry
from landrail.spec.terms import minutes

Action = dict[str, Any]
Stage = dict[str, Any]
SOURCE = "Source"
"""The name of every pipeline's source action, and of the namespace of its variables."""
LONGEST_VALUE = 1000
"""Characters of one value in the configuration of an action."""
MOST_VARIABLES = 50
_RETRY = {"failed": "FAILED_ACTIONS", "all": "ALL_ACTIONS"}


def pipeline(
    platform: Platform,
    name: str,
    lob: str,
    stage: str,
    mode: str,
    stages: Sequence[Stage],
    *,
    variables: Mapping[str, tuple[str, str]] | None = None,
    triggers: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return a pipeline under the role of a line's stage; `variables` have a default and what they
    are for."""
    shared = platform.shared_services().name
    properties: dict[str, Any] = {
        "Name": name,
        "PipelineType": "V2",
        "ExecutionMode": mode.upper(),
        "RoleArn": role_arn(shared, site.machine_role("pipeline", lob, stage)),
        "ArtifactStore": {
            "Type": "S3",
            "Location": site.artifact_bucket(platform, lob),
            "EncryptionKey": {
                "Type": "KMS",
                "Id": site.key_arn(platform, shared, site.artifact_alias(lob)),
            },
        },
        "Stages": list(stages),
    }
    if variables:
        properties["Variables"] = [
            {"Name": key, "DefaultValue": default, "Description": meaning}
            for key, (default, meaning) in variables.items()
        ]
    if triggers:
        properties["Triggers"] = list(triggers)
    return resource("AWS::CodePipeline::Pipeline", properties)


def stage(name: str, *groups: Action | Sequence[Action], retry: Retry = "none") -> Stage:
    """Return a stage whose actions, or groups of actions, run one after the other."""
    actions = []
    for order, group in enumerate(groups, 1):
        for one in [group] if isinstance(group, dict) else group:
            actions.append({**one, "RunOrder": order} if len(groups) > 1 else one)
    made: Stage = {"Name": name, "Actions": actions}
    if retry != "none":
        mode = {"RetryMode": _RETRY[retry]}
        made["OnFailure"] = {"Result": "RETRY", "RetryConfiguration": mode}
    return made


def build(
    name: str, project: str, environment: Mapping[str, str], *, take: str, out: str
) -> Action:
    """Return the run of a build project with these variables, which may be references."""
    told = [{"name": key, "value": value} for key, value in environment.items()]
    configuration = {
        "ProjectName": project,
        "EnvironmentVariables": json.dumps(told, separators=(",", ":")),
    }
    return _action(name, "Build", "CodeBuild", configuration, take=take, out=out)


def deploy(
    account: str, stack: str, take: str, parameters: str, *, replace: bool = False
) -> Action:
    """Return the making of a stack in an account, from a template in an artifact. One whose making
    failed can only be deleted: with `replace` it is, and made anew."""
    configuration = {
        "ActionMode": "REPLACE_ON_FAILURE" if replace else "CREATE_UPDATE",
        "StackName": stack,
        "TemplatePath": f"{take}::template.json",
        "TemplateConfiguration": f"{take}::{parameters}",
        "RoleArn": role_arn(account, "release-stack"),
    }
    made = _action("Deploy", "Deploy", "CloudFormation", configuration, take=take)
    return {**made, "RoleArn": role_arn(account, "release")}


def approval(asked: str, within: str) -> Action:
    """Return the question to a person, which stands for a span of time."""
    made = _action("Approve", "Approval", "Manual", {"CustomData": asked})
    return {**made, "TimeoutInMinutes": minutes(within)}


def from_codecommit(repository: str, branch: str) -> Action:
    """Return the source action of a CodeCommit branch; a rule of Events starts the pipeline."""
    configuration = {
        "RepositoryName": repository,
        "BranchName": branch,
        "PollForSourceChanges": "false",
    }
    return _source("CodeCommit", configuration)


def from_connection(connection: str, identity: str, branch: str) -> Action:
    """Return the source action of a branch over a connection; a trigger starts the pipeline."""
    configuration = {
        "ConnectionArn": connection,
        "FullRepositoryId": identity,
        "BranchName": branch,
        "DetectChanges": "false",
        "OutputArtifactFormat": "CODE_ZIP",
    }
    return _source("CodeStarSourceConnection", configuration)


def from_bucket(bucket: str, key: str) -> Action:
    """Return the source action of an object."""
    configuration = {"S3Bucket": bucket, "S3ObjectKey": key, "PollForSourceChanges": "false"}
    return _source("S3", configuration)


def on_push(branch: str, paths: Sequence[str]) -> dict[str, Any]:
    """Return the trigger of pushes to a branch over a connection, that change one of the paths."""
    push: dict[str, Any] = {"Branches": {"Includes": [branch]}}
    if paths:
        push["FilePaths"] = {"Includes": list(paths)}
    return {
        "ProviderType": "CodeStarSourceConnection",
        "GitConfiguration": {"SourceActionName": SOURCE, "Push": [push]},
    }


def _source(provider: str, configuration: Mapping[str, str]) -> Action:
    made = _action(SOURCE, "Source", provider, configuration, out=SOURCE)
    return {**made, "Namespace": SOURCE}


def _action(
    name: str,
    category: str,
    provider: str,
    configuration: Mapping[str, str],
    *,
    take: str | None = None,
    out: str | None = None,
) -> Action:
    made: Action = {
        "Name": name,
        "ActionTypeId": {
            "Category": category,
            "Owner": "AWS",
            "Provider": provider,
            "Version": "1",
        },
        "Configuration": dict(configuration),
    }
    if take:
        made["InputArtifacts"] = [{"Name": take}]
    if out:
        made["OutputArtifacts"] = [{"Name": out}]
    return made
