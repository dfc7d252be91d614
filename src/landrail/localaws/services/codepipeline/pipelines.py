"""Pipelines as records: made, changed, listed, tagged; and their stage transitions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codepipeline import definition
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.pages import page
from landrail.localaws.services.codepipeline.starting import Starting
from landrail.localaws.services.codepipeline.views.times import when
from landrail.localaws.services.codepipeline.watching import Watching
from landrail.localaws.store import Tables


class Pipelines:
    """The pipelines of all accounts."""

    def __init__(
        self, tables: Tables, engine: Engine, starting: Starting, watching: Watching
    ) -> None:
        self._table = tables.table("codepipeline.pipelines")
        self._versions = tables.table("codepipeline.versions")
        self._engine = engine
        self._starting = starting
        self._watching = watching

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreatePipeline": self.create,
            "UpdatePipeline": self.update,
            "GetPipeline": self.get,
            "DeletePipeline": self.delete,
            "ListPipelines": self.list,
            "EnableStageTransition": self.enable,
            "DisableStageTransition": self.disable,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }

    def find(self, account: str, region: str, name: str) -> Record | None:
        """Return a pipeline's record, or None."""
        record: Record | None = self._table.get(account, region, name)
        return record

    def everywhere(self, account: str, region: str) -> list[Record]:
        """Return the pipelines of an account and region."""
        return [record for _, record in self._table.scan(account, region)]

    def need(self, call: ApiCall, name: object) -> Record:
        """Return a pipeline's record; raises PipelineNotFoundException."""
        record = self.find(call.account, call.region, str(name))
        if record is None:
            raise ApiError(
                "PipelineNotFoundException",
                f"Account '{call.account}' does not have a pipeline with name '{name}'",
            )
        return record

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a pipeline; as on AWS its first execution starts at once."""
        pipeline = {**call.params["pipeline"], "version": 1}
        name = str(pipeline.get("name"))
        definition.check(pipeline, call.region)
        now = time.time()
        record: Record = {
            "pipeline": _defaults(pipeline),
            "account": call.account,
            "region": call.region,
            "arn": f"arn:aws:codepipeline:{call.region}:{call.account}:{name}",
            "created": now,
            "updated": now,
            "tags": {one["key"]: one["value"] for one in call.params.get("tags") or []},
            "disabled": {},
        }
        with self._engine.of(record).changed:
            if self.find(call.account, call.region, name):
                raise ApiError(
                    "PipelineNameInUseException", f"A pipeline with the name {name} already exists"
                )
            self._save(record)
        self._watching.watch(record)
        trigger = {"triggerType": "CreatePipeline", "triggerDetail": call.caller.arn}
        if not _without_value(pipeline):
            self._starting.begin(record, trigger)
        return {"pipeline": record["pipeline"], "tags": _tags(record)}

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Put a new definition in place; executions under way are cancelled, as on AWS, once their
        actions in progress are over."""
        pipeline = dict(call.params["pipeline"])
        with self._changing(call, pipeline.get("name")) as (board, record):
            version = int(record["pipeline"]["version"])
            pipeline["version"] = version + 1
            definition.check(pipeline, call.region)
            place = (call.account, call.region, pipeline["name"], str(version))
            self._versions.put(*place, value=record["pipeline"])
            stages = {stage["name"] for stage in pipeline["stages"]}
            disabled = {name: one for name, one in record["disabled"].items() if name in stages}
            fresh = {"pipeline": _defaults(pipeline), "updated": time.time(), "disabled": disabled}
            self._save({**record, **fresh})
            board.outdate()
        self._watching.watch({**record, **fresh}, record)
        return {"pipeline": fresh["pipeline"]}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return a pipeline's definition, as it is or as it was."""
        record = self.need(call, call.params["name"])
        found, version = record["pipeline"], call.params.get("version")
        if version is not None and version != found["version"]:
            name = str(found["name"])
            found = self._versions.get(call.account, call.region, name, str(version))
        if found is None:
            raise ApiError(
                "PipelineVersionNotFoundException",
                f"The pipeline {record['pipeline']['name']} has no version {version}",
            )
        return {
            "pipeline": found,
            "metadata": {
                "pipelineArn": record["arn"],
                "created": when(record["created"]),
                "updated": when(record["updated"]),
            },
        }

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a pipeline with its executions; one that is not there is no error."""
        place = (call.account, call.region, str(call.params["name"]))
        with self._engine.forgotten(*place):
            for key, _ in self._versions.scan(*place):
                self._versions.delete(*key)
            # Last, so that what was cut off can be done again, and no later pipeline inherits it.
            self._table.delete(*place)
        return {}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the pipelines."""
        found = [
            {
                "name": record["pipeline"]["name"],
                "version": record["pipeline"]["version"],
                "pipelineType": record["pipeline"]["pipelineType"],
                "executionMode": record["pipeline"]["executionMode"],
                "created": when(record["created"]),
                "updated": when(record["updated"]),
            }
            for record in self.everywhere(call.account, call.region)
        ]
        return page(call, found, "pipelines")

    def enable(self, call: ApiCall) -> Mapping[str, Any]:
        """Open the way into a stage."""
        with self._changing(call, call.params["pipelineName"]) as (board, record):
            stage = _transition(call, record)
            disabled = {name: one for name, one in record["disabled"].items() if name != stage}
            self._save({**record, "disabled": disabled})
            board.settle()
        return {}

    def disable(self, call: ApiCall) -> Mapping[str, Any]:
        """Close the way into a stage."""
        note = {"reason": call.params["reason"], "by": call.caller.arn, "at": time.time()}
        with self._changing(call, call.params["pipelineName"]) as (_, record):
            disabled = {**record["disabled"], _transition(call, record): note}
            self._save({**record, "disabled": disabled})
        return {}

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Set tags on a pipeline."""
        given = {one["key"]: one["value"] for one in call.params["tags"]}
        with self._changing(call, self._by_arn(call)["pipeline"]["name"]) as (_, record):
            self._save({**record, "tags": {**record["tags"], **given}})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove tags from a pipeline."""
        gone = set(call.params["tagKeys"])
        with self._changing(call, self._by_arn(call)["pipeline"]["name"]) as (_, record):
            kept = {key: value for key, value in record["tags"].items() if key not in gone}
            self._save({**record, "tags": kept})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """List the tags of a pipeline."""
        return {"tags": _tags(self._by_arn(call))}

    @contextmanager
    def _changing(self, call: ApiCall, name: object) -> Iterator[tuple[Board, Record]]:
        """Give a pipeline's board and record, and keep others from both."""
        board = self._engine.of(self.need(call, name))
        with board.changed:
            yield board, board.pipeline()

    def _by_arn(self, call: ApiCall) -> Record:
        arn = str(call.params["resourceArn"])
        parts = arn.split(":")
        if len(parts) < 6 or parts[2] != "codepipeline":
            raise ApiError("InvalidArnException", f"{arn} is not a pipeline's ARN")
        record = self.find(call.account, call.region, parts[5])
        if record is None or record["arn"] != arn:
            raise ApiError("ResourceNotFoundException", f"{arn} does not exist")
        return record

    def _save(self, record: Record) -> None:
        self._table.put(
            record["account"], record["region"], record["pipeline"]["name"], value=record
        )


def _transition(call: ApiCall, record: Record) -> str:
    stage = str(call.params["stageName"])
    if call.params["transitionType"] != "Inbound":
        raise ApiError("ValidationException", "transitionType Outbound is not supported: Inbound")
    if stage not in {one["name"] for one in record["pipeline"]["stages"]}:
        raise ApiError("StageNotFoundException", f"The stage {stage} does not exist")
    return stage


def _defaults(pipeline: Record) -> Record:
    return {"pipelineType": "V1", "executionMode": "SUPERSEDED", **pipeline}


def _without_value(pipeline: Mapping[str, Any]) -> bool:
    return any("defaultValue" not in one for one in pipeline.get("variables") or [])


def _tags(record: Record) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in record["tags"].items()]
