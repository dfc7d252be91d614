"""A repository with a pipeline on it, for the tests of pipelines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from code_people import Person, until

SPEC = """
version: 0.2
env: {exported-variables: [WORD]}
phases:
  build:
    commands:
      - export WORD=$(cat word.txt)
      - printf '{"word":"%s","from":"%s"}' "$WORD" "$COMMIT" > values.json
      - cp template.json out.json
artifacts: {files: [out.json, values.json]}
"""
TEMPLATE = {
    "Parameters": {"Word": {"Type": "String"}},
    "Resources": {
        "Parameter": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Type": "String", "Value": {"Ref": "Word"}},
        }
    },
    "Outputs": {"Name": {"Value": {"Ref": "Parameter"}}},
}


def action(category: str, provider: str, name: str, **more: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, **more}


@dataclass
class Workshop:
    """A repository with a pipeline on it."""

    person: Person
    name: str
    repository: str
    role: str
    bucket: str
    project: str

    @property
    def client(self) -> Any:
        return self.person.client("codepipeline")

    def definition(self, *stages: dict[str, Any], **more: Any) -> dict[str, Any]:
        source = action(
            "Source",
            "CodeCommit",
            "Commit",
            namespace="Source",
            configuration={
                "RepositoryName": self.repository,
                "BranchName": "main",
                "PollForSourceChanges": "false",
            },
            outputArtifacts=[{"name": "Code"}],
        )
        return {
            "name": self.name,
            "roleArn": self.role,
            "artifactStore": {"type": "S3", "location": self.bucket},
            "pipelineType": "V2",
            "stages": [{"name": "Source", "actions": [source]}, *stages],
            **more,
        }

    def build_stage(self) -> dict[str, Any]:
        variables = [{"name": "COMMIT", "value": "#{Source.CommitId}"}]
        build = action(
            "Build",
            "CodeBuild",
            "Build",
            namespace="Built",
            configuration={
                "ProjectName": self.project,
                "EnvironmentVariables": json.dumps(variables),
            },
            inputArtifacts=[{"name": "Code"}],
            outputArtifacts=[{"name": "Out"}],
        )
        return {"name": "Build", "actions": [build]}

    def approval_stage(self) -> dict[str, Any]:
        return {"name": "Approval", "actions": [action("Approval", "Manual", "Approve")]}

    def commit(self, word: str) -> str:
        client = self.person.client("codecommit")
        branches = client.list_branches(repositoryName=self.repository)["branches"]
        parent = {}
        if branches:
            tip = client.get_branch(repositoryName=self.repository, branchName="main")
            parent = {"parentCommitId": tip["branch"]["commitId"]}
        files = {"buildspec.yml": SPEC, "word.txt": word, "template.json": json.dumps(TEMPLATE)}
        done = client.create_commit(
            repositoryName=self.repository,
            branchName="main",
            putFiles=[
                {"filePath": path, "fileContent": text.encode()}
                for path, text in files.items()
                if not branches or path == "word.txt"
            ],
            **parent,
        )
        return str(done["commitId"])

    def start(self, **more: Any) -> str:
        return str(
            self.client.start_pipeline_execution(name=self.name, **more)["pipelineExecutionId"]
        )

    def status(self, execution: str) -> str:
        found = self.client.get_pipeline_execution(
            pipelineName=self.name, pipelineExecutionId=execution
        )
        return str(found["pipelineExecution"]["status"])

    def over(self, execution: str) -> str:
        def ended() -> str | None:
            status = self.status(execution)
            return None if status in ("InProgress", "Stopping") else status

        return str(until(ended))

    def approval(self, execution: str, stage: str = "Approval") -> str:
        def token() -> str | None:
            for one in self.client.get_pipeline_state(name=self.name)["stageStates"]:
                latest = one.get("latestExecution", {}).get("pipelineExecutionId")
                if one["stageName"] == stage and latest == execution:
                    return one["actionStates"][0].get("latestExecution", {}).get("token")
            return None

        return str(until(token))

    def answer(self, token: str, status: str = "Approved", summary: str = "looks right") -> None:
        self.client.put_approval_result(
            pipelineName=self.name,
            stageName="Approval",
            actionName="Approve",
            result={"status": status, "summary": summary},
            token=token,
        )

    def actions(self, execution: str) -> dict[str, Any]:
        found = self.client.list_action_executions(
            pipelineName=self.name, filter={"pipelineExecutionId": execution}
        )
        return {one["actionName"]: one for one in found["actionExecutionDetails"]}

    def first(self) -> str:
        """The execution that the pipeline's creation started."""
        found = self.client.list_pipeline_executions(pipelineName=self.name)
        return str(found["pipelineExecutionSummaries"][-1]["pipelineExecutionId"])
