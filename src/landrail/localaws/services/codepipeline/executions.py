"""The operations on executions: start, look, stop, retry, approve."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codepipeline import views
from landrail.localaws.services.codepipeline.definition import actions
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.execution import Record, actions_of
from landrail.localaws.services.codepipeline.pipelines import Pipelines


class Executions:
    """What clients ask of executions."""

    def __init__(self, pipelines: Pipelines, engine: Engine) -> None:
        self._pipelines = pipelines
        self._engine = engine

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "StartPipelineExecution": self.start,
            "GetPipelineExecution": self.get,
            "ListPipelineExecutions": self.list,
            "ListActionExecutions": self.list_actions,
            "GetPipelineState": self.state,
            "StopPipelineExecution": self.stop,
            "RetryStageExecution": self.retry,
            "PutApprovalResult": self.approve,
        }

    def start(self, call: ApiCall) -> Mapping[str, Any]:
        """Start an execution."""
        record = self._pipelines.need(call, call.params["name"])
        declared = {one["name"] for one in record["pipeline"].get("variables") or []}
        for one in call.params.get("variables") or []:
            if one["name"] not in declared:
                raise ApiError("ValidationException", f"the pipeline has no variable {one['name']}")
        sources = {
            action["name"]
            for _, action in actions(record["pipeline"])
            if action["actionTypeId"]["category"] == "Source"
        }
        for one in call.params.get("sourceRevisions") or []:
            if one["actionName"] not in sources:
                raise ApiError(
                    "ValidationException", f"the pipeline has no source {one['actionName']}"
                )
        document = self._engine.begin(record, _trigger(call), call.params)
        return {"pipelineExecutionId": document["id"]}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe one execution."""
        return {"pipelineExecution": views.execution(self._find(call))}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the executions of a pipeline, the newest first."""
        documents = self._documents(call)
        stage = ((call.params.get("filter") or {}).get("succeededInStage") or {}).get("stageName")
        if stage:
            documents = [
                one
                for one in documents
                if (one["stages"].get(stage) or {}).get("status") == "Succeeded"
            ]
        page, more = _page(call, [views.summary(one) for one in documents])
        return {"pipelineExecutionSummaries": page, **more}

    def list_actions(self, call: ApiCall) -> Mapping[str, Any]:
        """List what the actions did, the newest first."""
        wanted = call.params.get("filter") or {}
        one = wanted.get("pipelineExecutionId") or (
            wanted.get("latestInPipelineExecution") or {}
        ).get("pipelineExecutionId")
        documents = [doc for doc in self._documents(call) if one in (None, doc["id"])]
        details = [detail for doc in documents for detail in views.action_details(doc)]
        page, more = _page(call, details)
        return {"actionExecutionDetails": page, **more}

    def state(self, call: ApiCall) -> Mapping[str, Any]:
        """Return where each stage and action of a pipeline stands."""
        record = self._pipelines.need(call, call.params["name"])
        key = (call.account, call.region, record["pipeline"]["name"])
        waiting = {
            stage["name"]: self._engine.gates.waiting((*key, stage["name"]))
            for stage in record["pipeline"]["stages"]
        }
        return views.state(record, self._engine.all_of(*key), waiting)

    def stop(self, call: ApiCall) -> Mapping[str, Any]:
        """Stop an execution, waiting for its actions or abandoning them."""
        document = self._find(call)
        reason = call.params.get("reason")
        self._engine.stop_execution(document, bool(call.params.get("abandon")), reason)
        return {"pipelineExecutionId": document["id"]}

    def retry(self, call: ApiCall) -> Mapping[str, Any]:
        """Do a failed stage again."""
        document, stage = self._find(call), str(call.params["stageName"])
        if stage not in {one["name"] for one in document["definition"]["stages"]}:
            raise ApiError("StageNotFoundException", f"The stage {stage} does not exist")
        latest = [one for one in self._documents(call) if stage in one["stages"]]
        if latest and latest[0]["id"] != document["id"]:
            raise ApiError(
                "NotLatestPipelineExecutionException",
                f"Execution {document['id']} is not the latest in stage {stage}",
            )
        self._engine.retry(document, stage, call.params["retryMode"] == "ALL_ACTIONS")
        return {"pipelineExecutionId": document["id"]}

    def approve(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer a manual approval; who answered and why stay on record."""
        record = self._pipelines.need(call, call.params["pipelineName"])
        stage, action = str(call.params["stageName"]), str(call.params["actionName"])
        _must_exist(record, stage, action)
        found = self._waiting(call, stage, action)
        if found is None:
            raise ApiError("InvalidApprovalTokenException", "The approval token is invalid")
        document, asked = found
        if asked["status"] != "InProgress" or asked["expires"] < time.time():
            raise ApiError(
                "ApprovalAlreadyCompletedException", f"The approval {action} is not waiting"
            )
        result, now = call.params["result"], time.time()
        verdict = {
            "status": result["status"],
            "summary": result["summary"],
            "by": call.caller.arn,
            "at": now,
        }
        self._engine.verdict(document, stage, action, verdict)
        return {"approvedAt": views.when(now)}

    def _waiting(self, call: ApiCall, stage: str, action: str) -> tuple[Record, Record] | None:
        token = call.params["token"]
        name = str(call.params["pipelineName"])
        for stored in self._engine.all_of(call.account, call.region, name):
            document = self._engine.find(call.account, call.region, name, stored["id"])
            for one in actions_of(document, stage, action):
                if one.get("token") == token:
                    return document, one
        return None

    def _find(self, call: ApiCall) -> Record:
        name = str(call.params["pipelineName"])
        self._pipelines.need(call, name)
        execution = str(call.params["pipelineExecutionId"])
        return self._engine.find(call.account, call.region, name, execution)

    def _documents(self, call: ApiCall) -> Sequence[Record]:
        name = str(call.params["pipelineName"])
        self._pipelines.need(call, name)
        return self._engine.all_of(call.account, call.region, name)


def _trigger(call: ApiCall) -> dict[str, str]:
    """Events names its sessions after the rule; everyone else is who they are."""
    rule = (call.caller.session_name or "").partition("AWS_Events_")[2]
    if rule:
        detail = f"arn:aws:events:{call.region}:{call.account}:rule/{rule}"
        return {"triggerType": "CloudWatchEvent", "triggerDetail": detail}
    return {"triggerType": "StartPipelineExecution", "triggerDetail": call.caller.arn}


def _must_exist(record: Record, stage: str, action: str) -> None:
    names = {(one["name"], act["name"]) for one, act in actions(record["pipeline"])}
    if stage not in {name for name, _ in names}:
        raise ApiError("StageNotFoundException", f"The stage {stage} does not exist")
    if (stage, action) not in names:
        raise ApiError("ActionNotFoundException", f"The action {action} does not exist")


def _page(
    call: ApiCall, items: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    start = int(call.params.get("nextToken") or 0)
    size = int(call.params.get("maxResults") or 100)
    more = {"nextToken": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], more
