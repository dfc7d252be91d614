"""`ActionExecutionDetail` and `RuleExecutionDetail`: what each action and rule did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.machine.document import (
    PARALLEL,
    Record,
    conditions,
    stage_of,
)
from landrail.localaws.services.codepipeline.views.times import full, when


def actions_of(document: Record, newest_only: bool) -> list[dict[str, Any]]:
    """Return the details of the actions of an execution, the newest first."""
    records = _tries(document["actions"], newest_only, "stage", "action")
    return [_action(document, one) for one in records]


def rules_of(document: Record, newest_only: bool) -> list[dict[str, Any]]:
    """Return the details of the rules of an execution, the newest first."""
    records = _tries(document["rules"], newest_only, "stage", "kind", "rule")
    return [_rule(document, one) for one in records]


def _tries(records: Iterable[Record], newest_only: bool, *names: str) -> list[Record]:
    found: dict[tuple[str, ...], Record] = {}
    for number, one in enumerate(records):
        key = tuple(str(one[name]) for name in names)
        found[key if newest_only else (*key, str(number))] = one
    return sorted(found.values(), key=lambda one: float(one["started"]), reverse=True)


def _action(document: Record, record: Record) -> dict[str, Any]:
    stage = stage_of(document, record["stage"])
    action = next(one for one in stage["actions"] if one["name"] == record["action"])
    return full(
        actionExecutionId=record["id"],
        actionName=record["action"],
        **_about(document, record),
        input=full(
            actionTypeId=action["actionTypeId"],
            configuration=record["configuration"],
            resolvedConfiguration=record.get("resolved"),
            roleArn=action.get("roleArn"),
            region=document["region"],
            inputArtifacts=places(record.get("inputs")),
            namespace=action.get("namespace"),
        ),
        output={
            "outputArtifacts": places(record.get("outputs")),
            "executionResult": _result(record, _asked_by(document, record)),
            "outputVariables": record.get("variables") or {},
        },
    )


def _rule(document: Record, record: Record) -> dict[str, Any]:
    stage = stage_of(document, record["stage"])
    [condition] = conditions(stage, record["kind"])
    rule = next(one for one in condition["rules"] if one["name"] == record["rule"])
    return full(
        ruleExecutionId=record["id"],
        ruleName=record["rule"],
        **_about(document, record),
        input=full(
            ruleTypeId=rule["ruleTypeId"],
            configuration=record["configuration"],
            resolvedConfiguration=record.get("resolved"),
            roleArn=rule.get("roleArn"),
            region=document["region"],
            inputArtifacts=places(record.get("inputs")),
        ),
        output={"executionResult": _result(record)},
    )


def _about(document: Record, record: Record) -> dict[str, Any]:
    return {
        "pipelineExecutionId": document["id"],
        "pipelineVersion": document["version"],
        "stageName": record["stage"],
        "startTime": when(record["started"]),
        "lastUpdateTime": when(record["updated"]),
        "updatedBy": record.get("updated_by"),
        "status": record["status"],
    }


def _asked_by(document: Record, record: Record) -> str | None:
    """Return the token of an approval of a PARALLEL execution, which `GetPipelineState` does not
    tell (API reference, PutApprovalResult)."""
    return record.get("token") if document["mode"] == PARALLEL else None


def _result(record: Mapping[str, Any], token: str | None = None) -> dict[str, Any]:
    return full(
        externalExecutionId=record.get("external") or token,
        externalExecutionSummary=record.get("summary")
        or (record.get("verdict") or {}).get("summary"),
        errorDetails=record.get("error"),
    )


def places(artifacts: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return where artifacts lie."""
    return [
        {"name": name, "s3location": {"bucket": bucket, "key": key}}
        for name, (bucket, key) in (artifacts or {}).items()
    ]
