"""The operations on executions: start, look, stop, retry, roll back, let pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.machine import asking
from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.pages import page
from landrail.localaws.services.codepipeline.pipelines import Pipelines
from landrail.localaws.services.codepipeline.starting import Starting
from landrail.localaws.services.codepipeline.views import details, executions, state


class Executions:
    """What clients ask of executions."""

    def __init__(self, pipelines: Pipelines, engine: Engine, starting: Starting) -> None:
        self._pipelines = pipelines
        self._engine = engine
        self._starting = starting

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "StartPipelineExecution": self.start,
            "GetPipelineExecution": self.get,
            "ListPipelineExecutions": self.list_all,
            "ListActionExecutions": self.list_actions,
            "ListRuleExecutions": self.list_rules,
            "ListDeployActionExecutionTargets": self.list_targets,
            "GetPipelineState": self.state,
            "StopPipelineExecution": self.stop,
            "RetryStageExecution": self.retry,
            "RollbackStage": self.roll_back,
            "OverrideStageCondition": self.override,
        }

    def start(self, call: ApiCall) -> Mapping[str, Any]:
        """Start an execution."""
        record = self._pipelines.need(call, call.params["name"])
        return {"pipelineExecutionId": self._starting.by_call(call, record)}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe one execution."""
        _, document = self._find(call)
        return {"pipelineExecution": executions.execution(document)}

    def list_all(self, call: ApiCall) -> Mapping[str, Any]:
        """List the executions of a pipeline, the newest first."""
        documents = self._documents(call)
        stage = ((call.params.get("filter") or {}).get("succeededInStage") or {}).get("stageName")
        if stage:
            documents = [
                one
                for one in documents
                if (one["stages"].get(stage) or {}).get("status") == "Succeeded"
            ]
        summaries = [executions.summary(one) for one in documents]
        return page(call, summaries, "pipelineExecutionSummaries")

    def list_actions(self, call: ApiCall) -> Mapping[str, Any]:
        """List what the actions did, the newest first."""
        documents, newest_only = self._filtered(call)
        found = [one for doc in documents for one in details.actions_of(doc, newest_only)]
        return page(call, found, "actionExecutionDetails")

    def list_rules(self, call: ApiCall) -> Mapping[str, Any]:
        """List what the rules of conditions found, the newest first."""
        documents, newest_only = self._filtered(call)
        found = [one for doc in documents for one in details.rules_of(doc, newest_only)]
        return page(call, found, "ruleExecutionDetails")

    def list_targets(self, call: ApiCall) -> Mapping[str, Any]:
        """List the targets of a deploy action: none of the providers here has any."""
        wanted = call.params["actionExecutionId"]
        name = call.params.get("pipelineName")
        if name is None:
            raise ApiError("ValidationException", "pipelineName is needed by the local AWS")
        self._pipelines.need(call, name)
        board = self._engine.board(call.account, call.region, str(name))
        if not any(one["id"] == wanted for doc in board.all() for one in doc["actions"]):
            raise ApiError(
                "ActionExecutionNotFoundException", f"There is no action execution {wanted}"
            )
        return {"targets": []}

    def state(self, call: ApiCall) -> Mapping[str, Any]:
        """Return where each stage and action of a pipeline stands."""
        record = self._pipelines.need(call, call.params["name"])
        return state.state(record, self._engine.of(record).all())

    def stop(self, call: ApiCall) -> Mapping[str, Any]:
        """Stop an execution, waiting for its actions or abandoning them."""
        board, document = self._find(call, "PipelineExecutionNotStoppableException")
        abandon, reason = bool(call.params.get("abandon")), call.params.get("reason")
        board.ask(document["id"], lambda found: asking.stop(found, abandon, reason))
        return {"pipelineExecutionId": document["id"]}

    def retry(self, call: ApiCall) -> Mapping[str, Any]:
        """Do a failed stage again."""
        board, document = self._find(call, "NotLatestPipelineExecutionException")
        stage = self._stage(call, document)
        mode = str(call.params["retryMode"])
        board.ask(
            document["id"],
            lambda found: asking.retry(
                board.all(), found, stage, mode, board.pipeline()["pipeline"]
            ),
        )
        return {"pipelineExecutionId": document["id"]}

    def override(self, call: ApiCall) -> Mapping[str, Any]:
        """Let an execution pass a condition of a stage."""
        board, document = self._find(call, "NotLatestPipelineExecutionException")
        stage = self._stage(call, document)
        kind, by = str(call.params["conditionType"]), call.caller.arn
        board.ask(
            document["id"],
            lambda found: asking.override(
                board.all(), found, stage, kind, by, board.pipeline()["pipeline"]
            ),
        )
        return {}

    def roll_back(self, call: ApiCall) -> Mapping[str, Any]:
        """Bring a stage back to what an earlier execution released in it."""
        stage, target = str(call.params["stageName"]), str(call.params["targetPipelineExecutionId"])
        board = self._engine.of(self._pipelines.need(call, call.params["pipelineName"]))
        trigger = {"triggerType": "ManualRollback", "triggerDetail": call.caller.arn}
        with board.changed:
            record = board.pipeline()
            must_have(record["pipeline"], stage)
            found = asking.rollback(board.all(), record, stage, target)
            made = board.roll_back_to(record, found, stage, trigger=trigger)
        return {"pipelineExecutionId": made["id"]}

    def _stage(self, call: ApiCall, document: Record) -> str:
        stage = str(call.params["stageName"])
        must_have(document["definition"], stage)
        return stage

    def _find(
        self, call: ApiCall, code: str = "PipelineExecutionNotFoundException"
    ) -> tuple[Board, Record]:
        name = str(call.params["pipelineName"])
        self._pipelines.need(call, name)
        board = self._engine.board(call.account, call.region, name)
        try:
            return board, board.find(str(call.params["pipelineExecutionId"]))
        except ApiError as error:
            # Each operation has its own code for an execution that is not there.
            raise ApiError(code, error.message) from error

    def _documents(self, call: ApiCall) -> list[Record]:
        name = str(call.params["pipelineName"])
        self._pipelines.need(call, name)
        return self._engine.board(call.account, call.region, name).all()

    def _filtered(self, call: ApiCall) -> tuple[list[Record], bool]:
        """The executions that a list is about, and whether only their latest tries count."""
        wanted = call.params.get("filter") or {}
        newest = wanted.get("latestInPipelineExecution") or {}
        one = wanted.get("pipelineExecutionId") or newest.get("pipelineExecutionId")
        documents = self._documents(call)
        if one is not None:
            documents = [doc for doc in documents if doc["id"] == one]
            if not documents:
                raise ApiError(
                    "PipelineExecutionNotFoundException",
                    f"No pipeline execution found with pipelineExecutionId = {one}",
                )
        return documents, newest.get("startTimeRange") == "Latest"


def must_have(definition: Mapping[str, Any], stage: str) -> None:
    """Raise StageNotFoundException where a definition has no such stage."""
    if stage not in {one["name"] for one in definition["stages"]}:
        raise ApiError(
            "StageNotFoundException",
            f"The stage {stage} does not exist in the pipeline {definition['name']}",
        )
