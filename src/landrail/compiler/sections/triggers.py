"""The rules of Events that start a model's pipelines: a push to its CodeCommit repository, and the
schedules of the file. Pushes over connections are triggers of the pipelines themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from landrail.compiler import kinds, names, site
from landrail.compiler.parts.codepipeline import SOURCE
from landrail.compiler.parts.templates import Resources, resource
from landrail.compiler.statements import role_arn
from landrail.handover import AUTHOR
from landrail.spec import Platform
from landrail.spec.pipelines import Kind


def rules(platform: Platform, model: str, of: Collection[Kind]) -> Resources:
    """Return the rules that start a model's pipelines of some kinds."""
    made: Resources = {}
    pushed = kinds.pushed(platform, model)
    if pushed in of and pushed is not None and platform.models[model].connection is None:
        made["Push"] = _push(platform, model, pushed)
    for kind, schedule in kinds.schedules(platform, model):
        if kind not in of:
            continue
        properties = {
            "Name": kinds.rule_name(model, kind, "schedule"),
            "Description": f"Starts the {kind} pipeline of {model} by time",
            "State": "ENABLED",
            "ScheduleExpression": schedule,
            "Targets": [_target(platform, model, kind)],
        }
        made[names.logical_id("schedule", kind)] = _rule(properties, kind)
    return made


def rejections(platform: Platform, model: str) -> Resources:
    """Return the rule that puts the rejections of a model's releases on record."""
    return {"Rejected": _rejected(platform, model)}


def logical_id(kind: Kind) -> str:
    """Return the logical id of the pipeline of a kind."""
    return names.logical_id("pipeline", kind) if kinds.SUFFIX[kind] else "Pipeline"


def _push(platform: Platform, model: str, kind: Kind) -> dict[str, Any]:
    branch = platform.models[model].branch
    properties = {
        "Name": f"{site.model_name(model)}-push",
        "Description": f"A push to {branch} starts the pipeline of {model}",
        "State": "ENABLED",
        "EventPattern": {
            "source": ["aws.codecommit"],
            "detail-type": ["CodeCommit Repository State Change"],
            "resources": [site.repository_arn(platform, model)],
            "detail": {
                "event": ["referenceCreated", "referenceUpdated"],
                "referenceType": ["branch"],
                "referenceName": [branch],
            },
        },
        "Targets": [{**_target(platform, model, kind), "InputTransformer": _pushed()}],
    }
    return _rule(properties, kind)


def _pushed() -> dict[str, Any]:
    """Start on the very commit of the event, and say who pushed it."""
    commit = f'{{"actionName":"{SOURCE}","revisionType":"COMMIT_ID","revisionValue":<commit>}}'
    author = f'{{"name":"{AUTHOR}","value":<author>}}'
    return {
        "InputPathsMap": {"author": "$.detail.callerUserArn", "commit": "$.detail.commitId"},
        "InputTemplate": f'{{"sourceRevisions":[{commit}],"variables":[{author}]}}',
    }


def _rejected(platform: Platform, model: str) -> dict[str, Any]:
    """The rule that puts a rejection on record: what follows in the pipeline never runs then."""
    told = '{"name":"LANDRAIL_EXECUTION","value":<execution>,"type":"PLAINTEXT"}'
    properties = {
        "Name": f"{site.model_name(model)}-rejected",
        "Description": f"Puts on record who did not let {model} to production, and why",
        "State": "ENABLED",
        "EventPattern": {
            "source": ["aws.codepipeline"],
            "detail-type": ["CodePipeline Action Execution State Change"],
            "resources": [site.pipeline_arn(platform, model, kinds.RELEASE)],
            "detail": {"stage": ["Approval"], "state": ["FAILED"]},
        },
        "Targets": [
            {
                "Id": "record",
                "Arn": site.project_arn(platform, model, "reject"),
                "RoleArn": _role(platform, model),
                "InputTransformer": {
                    "InputPathsMap": {"execution": "$.detail.execution-id"},
                    "InputTemplate": f'{{"environmentVariablesOverride":[{told}]}}',
                },
            }
        ],
    }
    return resource(
        "AWS::Events::Rule",
        properties,
        after=["Release", names.logical_id("project", "reject")],
    )


def _target(platform: Platform, model: str, kind: Kind) -> dict[str, Any]:
    return {
        "Id": "pipeline",
        "Arn": site.pipeline_arn(platform, model, kinds.SUFFIX[kind]),
        "RoleArn": _role(platform, model),
    }


def _role(platform: Platform, model: str) -> str:
    lob = platform.teams[platform.models[model].team].lob
    return role_arn(platform.shared_services().name, site.machine_role("events", lob))


def _rule(properties: dict[str, Any], kind: Kind) -> dict[str, Any]:
    return resource("AWS::Events::Rule", properties, after=[logical_id(kind)])
