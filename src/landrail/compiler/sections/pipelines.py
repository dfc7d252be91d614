"""The two pipelines of a model: one builds, trains, measures and stages; the other releases exactly
what was tested, once an engineer has approved it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts.templates import Resources, resource, template
from landrail.compiler.sections.projects import project_name, projects, steps_of
from landrail.compiler.statements import role_arn
from landrail.resources import Stack
from landrail.spec import Platform

Action = dict[str, Any]
_BRANCH = "main"
AUTHOR = "Author"
"""The variable of the first pipeline that says who pushed the commit."""


def compile_pipelines(platform: Platform) -> Iterator[Stack]:
    """Yield the pipeline stack of each model."""
    shared = platform.shared_services().name
    for model, entry in platform.models.items():
        lob = platform.teams[entry.team].lob
        made = template(
            f"Landrail: build projects and pipelines of {model}",
            projects(platform, model),
            _build_pipeline(platform, model, lob),
            _release_pipeline(platform, model, lob),
            _push(platform, model, lob),
        )
        first = next(
            m
            for m in platform.models
            if site.repository(platform, m) == site.repository(platform, model)
        )
        after = [
            site.stack_address(shared, concern)
            for concern in (
                "packages",
                f"artifacts-{lob}",
                f"registry-{model}",
                f"registry-{first}",
            )
        ]
        yield site.stack(platform, shared, f"pipeline-{model}", made, after=after)


def _build_pipeline(platform: Platform, model: str, lob: str) -> Resources:
    source = {
        "RepositoryName": site.repository(platform, model),
        "BranchName": _BRANCH,
        "PollForSourceChanges": "false",
    }
    uat = site.account_of(platform, "uat", lob).name
    stages = [
        _stage("Source", _action("Source", "Source", "CodeCommit", source, out="Source")),
        _stage("Build", _build(model, "build", take="Source", out="Built")),
        _stage("Train", _build(model, "train", take="Built", out="Trained")),
        _stage("Staging", _deploy(uat, site.model_stack(model, "uat"), "Trained", "staging.json")),
        _stage("Test", _build(model, "test", take="Trained", out="Tested")),
    ]
    made = _pipeline(platform, site.model_name(model), lob, "uat", stages)
    made["Properties"]["Variables"] = [
        {
            "Name": AUTHOR,
            "DefaultValue": "-",
            "Description": "Who pushed the commit; the rule of pushes tells it",
        }
    ]
    return {"Pipeline": made}


def _release_pipeline(platform: Platform, model: str, lob: str) -> Resources:
    source = {
        "S3Bucket": site.artifact_bucket(platform, lob),
        "S3ObjectKey": f"candidates/{site.model_name(model)}.zip",
        "PollForSourceChanges": "false",
    }
    asked = {"CustomData": f"Release {model} to production? Metrics and lineage: candidate.json"}
    production = site.account_of(platform, "production", lob).name
    approve = _build(model, "approve", take="Candidate", out="Approved")
    deploy = _deploy(
        production, site.model_stack(model, "production"), "Approved", "production.json"
    )
    stages = [
        _stage("Source", _action("Source", "Source", "S3", source, out="Candidate")),
        _stage("Approval", _action("Approve", "Approval", "Manual", asked)),
        _stage("Production", {**approve, "RunOrder": 1}, {**deploy, "RunOrder": 2}),
    ]
    if "batch" in steps_of(platform, model):
        stages.append(_stage("Batch", _build(model, "batch", take="Approved", out="Scored")))
    name = f"{site.model_name(model)}-release"
    return {"Release": _pipeline(platform, name, lob, "production", stages)}


def _push(platform: Platform, model: str, lob: str) -> Resources:
    shared = platform.shared_services().name
    properties = {
        "Name": f"{site.model_name(model)}-push",
        "Description": f"A push to {_BRANCH} starts the pipeline of {model}",
        "State": "ENABLED",
        "EventPattern": {
            "source": ["aws.codecommit"],
            "detail-type": ["CodeCommit Repository State Change"],
            "resources": [site.repository_arn(platform, model)],
            "detail": {
                "event": ["referenceCreated", "referenceUpdated"],
                "referenceType": ["branch"],
                "referenceName": [_BRANCH],
            },
        },
        "Targets": [
            {
                "Id": "pipeline",
                "Arn": site.pipeline_arn(platform, model),
                "RoleArn": role_arn(shared, site.machine_role("events", lob)),
                "InputTransformer": _pushed(),
            }
        ],
    }
    return {"Push": resource("AWS::Events::Rule", properties, after=["Pipeline"])}


def _pushed() -> dict[str, Any]:
    """Start on the very commit of the event, and say who pushed it."""
    commit = '{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":<commit>}'
    author = f'{{"name":"{AUTHOR}","value":<author>}}'
    return {
        "InputPathsMap": {"author": "$.detail.callerUserArn", "commit": "$.detail.commitId"},
        "InputTemplate": f'{{"sourceRevisions":[{commit}],"variables":[{author}]}}',
    }


def _pipeline(
    platform: Platform, name: str, lob: str, stage: str, stages: list[dict[str, Any]]
) -> dict[str, Any]:
    shared = platform.shared_services().name
    properties = {
        "Name": name,
        "PipelineType": "V2",
        "ExecutionMode": "QUEUED" if stage == "production" else "SUPERSEDED",
        "RoleArn": role_arn(shared, site.machine_role("pipeline", lob, stage)),
        "ArtifactStore": {
            "Type": "S3",
            "Location": site.artifact_bucket(platform, lob),
            "EncryptionKey": {
                "Type": "KMS",
                "Id": site.key_arn(platform, shared, site.artifact_alias(lob)),
            },
        },
        "Stages": stages,
    }
    return resource("AWS::CodePipeline::Pipeline", properties)


def _stage(name: str, *actions: Action) -> dict[str, Any]:
    return {"Name": name, "Actions": list(actions)}


def _build(model: str, step: str, *, take: str, out: str) -> Action:
    told = [
        {
            "name": "LANDRAIL_EXECUTION",
            "value": "#{codepipeline.PipelineExecutionId}",
            "type": "PLAINTEXT",
        }
    ]
    configuration = {
        "ProjectName": project_name(model, step),
        # Which execution a step works for: who began it and who approved it is on its record.
        "EnvironmentVariables": json.dumps(told),
    }
    return _action(step.capitalize(), "Build", "CodeBuild", configuration, take=take, out=out)


def _deploy(account: str, stack: str, take: str, parameters: str) -> Action:
    configuration = {
        "ActionMode": "CREATE_UPDATE",
        "StackName": stack,
        "TemplatePath": f"{take}::template.json",
        "TemplateConfiguration": f"{take}::{parameters}",
        "RoleArn": role_arn(account, "release-stack"),
    }
    made = _action("Deploy", "Deploy", "CloudFormation", configuration, take=take)
    return {**made, "RoleArn": role_arn(account, "release")}


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
