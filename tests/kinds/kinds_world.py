"""A small platform that stands, its people, and the pipelines of its models, driven as a person
would by the API."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.operations.enter import enter
from tests.airline import Platform

HERE = Path(__file__).parent
CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/kinds"
SHARED, DATA = "shared-prod", "data-prod"
ENDED = ("Succeeded", "Failed", "Stopped", "Superseded", "Cancelled")
NUMBERS = "value\n" + "".join(f"{number}\n" for number in range(1, 41))
_GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_NAME": "ana" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ana@kinds.example" for who in ("AUTHOR", "COMMITTER")},
}
_LONGEST = 180.0


@dataclass
class World:
    """The platform and a folder for working copies."""

    platform: Platform
    folder: Path

    def client(self, who: str, service: str) -> Any:
        """A client of `WHO@ACCOUNT`."""
        return self.platform.client(who, service)

    def filled(self, text: str) -> str:
        """A text with ids for names of accounts."""
        return str(self.platform.filled(text))

    def publish(self) -> None:
        """Put the only version of the data into the lake."""
        bucket = self.filled("kinds-lake-numbers-{data-prod}")
        key = "numbers/v=1/numbers.csv"
        self.client(f"eli@{DATA}", "s3").put_object(Bucket=bucket, Key=key, Body=NUMBERS.encode())

    def begin(self, name: str) -> Path:
        """Begin a working copy of the model's project under a name."""
        copy = self.folder / name
        shutil.copytree(HERE / "tiny", copy, ignore=shutil.ignore_patterns("__pycache__"))
        project = copy / "pyproject.toml"
        text = project.read_text().replace('"tiny"', f'"{name}"')
        project.write_text(text.replace("/tiny", f"/{name}"))
        if name != "tiny":
            (copy / "src/tiny").rename(copy / f"src/{name}")
            for file in copy.rglob("*.py"):
                file.write_text(file.read_text().replace("from tiny", f"from {name}"))
        self.git(copy, "init", "-q", "-b", "main")
        return copy

    @staticmethod
    def host(repository: Path) -> None:
        """Make an empty repository at the other host."""
        repository.mkdir(parents=True)
        World.git(repository, "init", "-q", "--bare", "-b", "trunk")

    def commit(self, copy: Path, message: str = "Tell large numbers") -> str:
        """Commit everything; return the commit."""
        self.git(copy, "add", "-A")
        self.git(copy, "commit", "-q", "--allow-empty", "-m", message)
        return self.git(copy, "rev-parse", "HEAD").strip()

    def push(self, copy: Path, who: str = "ana") -> None:
        """Push to the repository of the platform."""
        environment = enter(self.platform.file, f"{who}@{SHARED}").child()
        url = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/tiny"
        self.git(copy, "push", "-q", url, "HEAD:refs/heads/main", environment=environment)

    @staticmethod
    def git(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
        """Run git in a folder."""
        there = {**(os.environ if environment is None else environment), **_GIT}
        done = subprocess.run(
            ["git", *words], cwd=folder, env=there, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # Pipelines

    def executions(self, pipeline: str) -> list[dict[str, Any]]:
        """The executions of a pipeline, the newest first."""
        codepipeline = self.client(f"dee@{SHARED}", "codepipeline")
        found = codepipeline.list_pipeline_executions(pipelineName=pipeline)
        return list(found["pipelineExecutionSummaries"])

    def start(self, pipeline: str, **variables: str) -> str:
        """Start a pipeline on demand; return the execution's id."""
        given = [{"name": name, "value": value} for name, value in variables.items()]
        codepipeline = self.client(f"dee@{SHARED}", "codepipeline")
        told = codepipeline.start_pipeline_execution(
            name=pipeline, **({"variables": given} if given else {})
        )
        return str(told["pipelineExecutionId"])

    def begun_with(self, pipeline: str, revision: str) -> str:
        """Wait for the execution that a commit starts; return its id."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            for one in self.executions(pipeline):
                taken = {source["revisionId"] for source in one.get("sourceRevisions", ())}
                if revision in taken:
                    return str(one["pipelineExecutionId"])
            time.sleep(0.3)
        raise AssertionError(f"{pipeline} was not started by {revision}")

    def approve(self, pipeline: str, execution: str, who: str, status: str = "Approved") -> None:
        """Wait for the question of a release and say yes, or what the status says."""
        codepipeline = self.client(f"{who}@{SHARED}", "codepipeline")
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            for one in self.actions(pipeline, execution):
                if one["actionName"] == "Approve" and one["status"] == "InProgress":
                    state = codepipeline.get_pipeline_state(name=pipeline)["stageStates"][1]
                    token = state["actionStates"][0]["latestExecution"]["token"]
                    codepipeline.put_approval_result(
                        pipelineName=pipeline,
                        stageName="Approval",
                        actionName="Approve",
                        token=token,
                        result={"status": status, "summary": "seen"},
                    )
                    return
            time.sleep(0.3)
        raise AssertionError(f"{pipeline} {execution} asks nobody: {self.why(pipeline, execution)}")

    def end(self, pipeline: str, execution: str) -> str:
        """Wait for the end of an execution; return how it ended."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            for one in self.executions(pipeline):
                if one["pipelineExecutionId"] == execution and one["status"] in ENDED:
                    return str(one["status"])
            time.sleep(0.3)
        raise AssertionError(
            f"{pipeline} {execution} does not end: {self.why(pipeline, execution)}"
        )

    def succeed(self, pipeline: str, execution: str) -> None:
        """Wait for an execution, which must succeed."""
        ended = self.end(pipeline, execution)
        assert ended == "Succeeded", f"{pipeline} {ended}: {self.why(pipeline, execution)}"

    def actions(self, pipeline: str, execution: str) -> list[dict[str, Any]]:
        """What the actions of an execution did, the oldest first."""
        codepipeline = self.client(f"dee@{SHARED}", "codepipeline")
        told = codepipeline.list_action_executions(
            pipelineName=pipeline, filter={"pipelineExecutionId": execution}
        )
        return list(reversed(told["actionExecutionDetails"]))

    def why(self, pipeline: str, execution: str) -> str:
        """What each action says, and the last lines of the builds that failed."""
        said = []
        for one in self.actions(pipeline, execution):
            result = one.get("output", {}).get("executionResult", {})
            said.append(f"{one['stageName']}/{one['actionName']} {one['status']} {result}")
            build = result.get("externalExecutionId", "")
            if one["status"] == "Failed" and ":" in build:
                said.append(self.log(build))
        return "\n".join(said)

    def log(self, build: str) -> str:
        """The last lines of a build's log."""
        project, _, stream = build.partition(":")
        told = self.client(f"dee@{SHARED}", "logs").get_log_events(
            logGroupName=f"/aws/codebuild/{project}", logStreamName=stream
        )
        return "".join(event["message"] for event in told["events"][-15:])

    def trained(self, model: str, account: str = "retail-uat") -> list[dict[str, Any]]:
        """The training jobs of a model in an account, the oldest first, described."""
        sagemaker = self.client(f"dee@{account}", "sagemaker")
        found = sagemaker.list_training_jobs(
            SortBy="CreationTime", SortOrder="Ascending", NameContains=f"{model}-"
        )
        names = [one["TrainingJobName"] for one in found["TrainingJobSummaries"]]
        return [sagemaker.describe_training_job(TrainingJobName=name) for name in names]

    def versions(self, model: str) -> list[dict[str, Any]]:
        """The registered versions of a model, the oldest first, described."""
        sagemaker = self.client(f"dee@{SHARED}", "sagemaker")
        found = sagemaker.list_model_packages(
            ModelPackageGroupName=model, SortBy="CreationTime", SortOrder="Ascending"
        )["ModelPackageSummaryList"]
        arns = [one["ModelPackageArn"] for one in found]
        return [sagemaker.describe_model_package(ModelPackageName=arn) for arn in arns]
