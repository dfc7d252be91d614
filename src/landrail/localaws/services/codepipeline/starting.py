"""How executions start: by a call, by the making of a pipeline, by a change of a source."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.services.codepipeline.definition import actions
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.machine.document import Record

_REVISIONS = {
    "CodeCommit": ("COMMIT_ID",),
    "CodeStarSourceConnection": ("COMMIT_ID",),
    "S3": ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"),
}


class Starting:
    """Starts executions of pipelines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def by_call(self, call: ApiCall, record: Record) -> str:
        """Start as `StartPipelineExecution` asks. The same client token gives the same id, and so
        starts once, whenever the server is killed."""
        token = call.params.get("clientRequestToken")
        execution = uuid.uuid5(uuid.NAMESPACE_URL, f"{record['arn']} {token or uuid.uuid4()}")
        board = self._engine.of(record)
        with board.changed:
            if not board.has(str(execution)):
                self.begin(
                    record,
                    _trigger(call),
                    call.params.get("variables") or (),
                    call.params.get("sourceRevisions") or (),
                    str(execution),
                )
        return str(execution)

    def begin(
        self,
        record: Record,
        trigger: Mapping[str, str],
        variables: Sequence[Mapping[str, str]] = (),
        revisions: Sequence[Mapping[str, str]] = (),
        execution: str | None = None,
    ) -> Record:
        """Start an execution of a pipeline as it is now, and return its document; raises
        ApiError."""
        board = self._engine.of(record)
        with board.changed:
            found = board.pipeline()
            return board.start(
                found,
                execution or str(uuid.uuid4()),
                trigger=dict(trigger),
                variables=_variables(found["pipeline"], variables),
                overrides=_overrides(found["pipeline"], revisions),
            )


def _variables(pipeline: Mapping[str, Any], given: Sequence[Mapping[str, str]]) -> dict[str, str]:
    declared = {str(one["name"]): one for one in pipeline.get("variables") or []}
    values = {str(one["name"]): str(one["value"]) for one in given}
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise ApiError(
            "ValidationException",
            f"The pipeline {pipeline['name']} does not declare the variables: {', '.join(unknown)}",
        )
    missing = [
        name
        for name, one in declared.items()
        if name not in values and one.get("defaultValue") is None
    ]
    if missing:
        raise ApiError(
            "ValidationException",
            "These variables have no default value and none was given: " + ", ".join(missing),
        )
    return {name: values.get(name) or str(one["defaultValue"]) for name, one in declared.items()}


def _overrides(
    pipeline: Mapping[str, Any], revisions: Sequence[Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    sources = {
        str(action["name"]): str(action["actionTypeId"]["provider"])
        for _, action in actions(pipeline)
        if action["actionTypeId"]["category"] == "Source"
    }
    for one in revisions:
        name, kind = one["actionName"], one["revisionType"]
        if name not in sources:
            raise ApiError(
                "ValidationException",
                f"The pipeline {pipeline['name']} has no source action {name}",
            )
        if kind not in _REVISIONS[sources[name]]:
            raise ApiError(
                "ValidationException",
                f"The source action {name} of {sources[name]} takes no revision of type {kind}: "
                + ", ".join(_REVISIONS[sources[name]]),
            )
    return {str(one["actionName"]): dict(one) for one in revisions}


def _trigger(call: ApiCall) -> dict[str, str]:
    """Events names its sessions after the rule; everyone else is who they are."""
    rule = (call.caller.session_name or "").partition("AWS_Events_")[2]
    if rule:
        detail = f"arn:aws:events:{call.region}:{call.account}:rule/{rule}"
        return {"triggerType": "CloudWatchEvent", "triggerDetail": detail}
    return {"triggerType": "StartPipelineExecution", "triggerDetail": call.caller.arn}
