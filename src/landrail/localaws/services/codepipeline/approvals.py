"""PutApprovalResult: a person's answer to an approval that waits, kept before it is told."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.executions import must_have
from landrail.localaws.services.codepipeline.machine.document import Record, actions_of
from landrail.localaws.services.codepipeline.machine.facts import fact
from landrail.localaws.services.codepipeline.pipelines import Pipelines
from landrail.localaws.services.codepipeline.views.times import when


class Approvals:
    """Answers to approvals."""

    def __init__(self, pipelines: Pipelines, engine: Engine) -> None:
        self._pipelines = pipelines
        self._engine = engine

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {"PutApprovalResult": self.approve}

    def approve(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer an approval; who answered and why stay on record."""
        record = self._pipelines.need(call, call.params["pipelineName"])
        stage, action = str(call.params["stageName"]), str(call.params["actionName"])
        board = self._engine.of(record)
        result, now = call.params["result"], time.time()
        verdict = {
            "status": result["status"],
            "summary": result["summary"],
            "by": call.caller.arn,
            "at": now,
        }
        with board.changed:
            document, asked = _asked(board, record, stage, action, str(call.params["token"]))
            if "verdict" in asked:
                raise ApiError(
                    "ApprovalAlreadyCompletedException",
                    f"The approval action {action} has already been approved or rejected.",
                )
            if asked["status"] != "InProgress" or asked["expires"] <= now:
                raise _invalid()
            changes = {"verdict": verdict, "updated_by": verdict["by"]}
            noted = fact("noted", id=asked["id"], changes=changes)
            board.record(document["id"], [noted])
            board.wake()
        return {"approvedAt": when(now)}


def _asked(
    board: Board, record: Record, stage: str, action: str, token: str
) -> tuple[Record, Record]:
    """Return the execution and the action that a token is of."""
    for document in board.all():
        for one in actions_of(document, stage, action):
            if one.get("token") == token:
                return document, one
    must_have(record["pipeline"], stage)
    declared = next(one for one in record["pipeline"]["stages"] if one["name"] == stage)
    if action not in {one["name"] for one in declared["actions"]}:
        raise ApiError(
            "ActionNotFoundException", f"The action {action} does not exist in the stage {stage}"
        )
    raise _invalid()


def _invalid() -> ApiError:
    return ApiError(
        "InvalidApprovalTokenException",
        "The approval request already received a response or has expired.",
    )
