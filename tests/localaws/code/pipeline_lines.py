"""Pipelines of approvals alone, whose stages succeed and fail as a test says."""

from __future__ import annotations

from typing import Any

from code_people import until
from code_workshop import Workshop, action


def approvals(name: str, *actions: str, **more: Any) -> dict[str, Any]:
    """A stage of approvals, one after another."""
    declared = [
        action("Approval", "Manual", one, runOrder=order)
        for order, one in enumerate(actions or (f"{name}-ok",), 1)
    ]
    return {"name": name, "actions": declared, **more}


def rule(provider: str, name: str, **configuration: str) -> dict[str, Any]:
    kind = {"category": "Rule", "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "ruleTypeId": kind, "configuration": configuration}


class Line:
    """A pipeline of approvals over a repository."""

    def __init__(self, workshop: Workshop, *stages: dict[str, Any], **more: Any) -> None:
        self.shop = workshop
        self.client = workshop.client
        self.name = workshop.name
        if not more.pop("committed", False):
            workshop.commit("alpha")
        self.definition = workshop.definition(*stages, **more)
        self.client.create_pipeline(pipeline=self.definition)
        self.first = workshop.first() if not _needs_values(more) else ""

    def stage(self, name: str) -> dict[str, Any]:
        found = self.client.get_pipeline_state(name=self.name)["stageStates"]
        return next(one for one in found if one["stageName"] == name)

    def waits(self, execution: str, stage: str) -> None:
        """Wait until an execution waits before a stage."""
        until(lambda: execution in self.inbound(stage))

    def inbound(self, stage: str) -> list[str]:
        return [one["pipelineExecutionId"] for one in self.stage(stage)["inboundExecutions"]]

    def is_in(self, stage: str) -> str | None:
        """The execution that was last in a stage."""
        found = self.stage(stage).get("latestExecution", {})
        return found.get("pipelineExecutionId")

    def token(self, execution: str, stage: str, name: str | None = None) -> str:
        wanted = name or f"{stage}-ok"

        def asked() -> str | None:
            for one in self.actions(execution):
                if one["actionName"] == wanted and one["status"] == "InProgress":
                    if self.definition.get("executionMode") == "PARALLEL":
                        return one["output"]["executionResult"].get("externalExecutionId")
                    return self._token(stage, wanted, one["actionExecutionId"])
            return None

        return str(until(asked))

    def answer(
        self,
        execution: str,
        stage: str,
        status: str = "Approved",
        name: str | None = None,
        summary: str = "as the test says",
        token: str | None = None,
    ) -> None:
        """Answer the approval of an execution in a stage, once it asks."""
        wanted = name or f"{stage}-ok"
        self.client.put_approval_result(
            pipelineName=self.name,
            stageName=stage,
            actionName=wanted,
            result={"status": status, "summary": summary},
            token=token or self.token(execution, stage, wanted),
        )

    def actions(self, execution: str) -> list[dict[str, Any]]:
        found = self.client.list_action_executions(
            pipelineName=self.name, filter={"pipelineExecutionId": execution}
        )
        return list(found["actionExecutionDetails"])

    def execution(self, execution: str) -> dict[str, Any]:
        found = self.client.get_pipeline_execution(
            pipelineName=self.name, pipelineExecutionId=execution
        )
        return dict(found["pipelineExecution"])

    def executions(self) -> list[dict[str, Any]]:
        found = self.client.list_pipeline_executions(pipelineName=self.name)
        return list(found["pipelineExecutionSummaries"])

    def over(self, execution: str) -> str:
        return self.shop.over(execution)

    def retry(self, execution: str, stage: str, mode: str = "FAILED_ACTIONS") -> None:
        self.client.retry_stage_execution(
            pipelineName=self.name,
            stageName=stage,
            pipelineExecutionId=execution,
            retryMode=mode,
        )

    def stop(self, execution: str, **more: Any) -> None:
        self.client.stop_pipeline_execution(
            pipelineName=self.name, pipelineExecutionId=execution, **more
        )

    def back(self, stage: str, target: str) -> str:
        made = self.client.rollback_stage(
            pipelineName=self.name, stageName=stage, targetPipelineExecutionId=target
        )
        return str(made["pipelineExecutionId"])

    def _token(self, stage: str, name: str, record: str) -> str | None:
        for one in self.stage(stage)["actionStates"]:
            latest = one.get("latestExecution", {})
            if one["actionName"] == name and latest.get("actionExecutionId") == record:
                return latest.get("token")
        return None


def _needs_values(more: dict[str, Any]) -> bool:
    return any("defaultValue" not in one for one in more.get("variables", []))
