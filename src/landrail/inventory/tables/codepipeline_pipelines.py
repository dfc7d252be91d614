"""CodePipeline pipelines: how much a stage deploys, and whose key keeps what is passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, told_tags
from landrail.inventory.table import Column, Row, Table


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    pipeline, metadata = answer["pipeline"], answer.get("metadata") or {}
    name = pipeline["name"]
    arn = metadata.get("pipelineArn") or f"arn:aws:codepipeline:{ask.region}:{ask.account}:{name}"
    counts = [count for count in map(_deployments, pipeline.get("stages") or ()) if count]
    stores = [pipeline.get("artifactStore"), *(pipeline.get("artifactStores") or {}).values()]
    keys = [(store.get("encryptionKey") or {}).get("id") for store in stores if store]
    return {
        "resource_id": name,
        "resource_name": name,
        "arn": arn,
        "created": metadata.get("created"),
        "tags": told_tags(ask, "codepipeline", "ListTagsForResource", "tags", resourceArn=arn),
        "configuration": {"pipeline": _without_settings(pipeline)},
        "first_deployments": counts[0] if counts else 0,
        "most_deployments": max(counts[1:], default=0),
        "artifacts_by_key": all(keys),
        "role": pipeline.get("roleArn"),
    }


def _without_settings(pipeline: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pipeline without what its actions are told, which may be a secret."""
    stages = [
        {
            **stage,
            "actions": [
                {name: given for name, given in action.items() if name != "configuration"}
                for action in stage.get("actions") or ()
            ],
        }
        for stage in pipeline.get("stages") or ()
    ]
    return {**pipeline, "stages": stages}


def _deployments(stage: Mapping[str, Any]) -> int:
    kinds = (action["actionTypeId"]["category"] for action in stage.get("actions") or ())
    return sum(kind == "Deploy" for kind in kinds)


_READING = Described(
    service="codepipeline",
    list="ListPipelines",
    member="pipelines",
    name="name",
    describe="GetPipeline",
    row=_row,
)

TABLE = Table(
    name="codepipeline_pipelines",
    resource_type="AWS::CodePipeline::Pipeline",
    services=("codepipeline",),
    columns=(
        Column("first_deployments", "integer", "deployments of the first stage that deploys"),
        Column("most_deployments", "integer", "the most deployments of a later stage"),
        Column("artifacts_by_key", "boolean", "whether all artifact stores name a KMS key"),
        Column("role", "text", "the role that it runs as"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "codepipeline:GetPipeline",
        "codepipeline:ListPipelines",
        "codepipeline:ListTagsForResource",
    ),
)
