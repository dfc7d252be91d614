"""What stands when the local AWS ends goes on when it is back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from code_people import allow, trust, until

_SPEC = "version: 0.2\nphases: {build: {commands: [echo quick]}}\n"
SLOW = {"projectName": "restart", "idempotencyToken": "slow"}
QUICK = {"projectName": "restart", "idempotencyToken": "quick", "buildspecOverride": _SPEC}


def _pipeline(aws: Any, account: str) -> None:
    session = aws.administrator(account)
    role = aws.role(account, "walker", allow("*"), trust("codepipeline.amazonaws.com"))
    aws.client("s3", session).create_bucket(
        Bucket="restart-store", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    commits = aws.client("codecommit", session)
    commits.create_repository(repositoryName="restart")
    commits.create_commit(
        repositoryName="restart",
        branchName="main",
        putFiles=[{"filePath": "a.txt", "fileContent": b"a"}],
    )
    kinds = [("Source", "CodeCommit"), ("Approval", "Manual")]
    source, approval = (
        {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
        for category, provider in kinds
    )
    read = {
        "name": "Commit",
        "actionTypeId": source,
        "configuration": {"RepositoryName": "restart", "BranchName": "main"},
        "outputArtifacts": [{"name": "Code"}],
    }
    stages = [
        {"name": "Source", "actions": [read]},
        {"name": "Approval", "actions": [{"name": "Approve", "actionTypeId": approval}]},
    ]
    definition = {
        "name": "restart",
        "roleArn": role,
        "artifactStore": {"type": "S3", "location": "restart-store"},
        "stages": stages,
        "version": 1,
    }
    aws.client("codepipeline", session).create_pipeline(pipeline=definition)


def _token(aws: Any, account: str) -> str | None:
    client = aws.client("codepipeline", aws.administrator(account))
    action = client.get_pipeline_state(name="restart")["stageStates"][1]["actionStates"][0]
    token = action.get("latestExecution", {}).get("token")
    return str(token) if token else None


def _status(aws: Any, account: str) -> str | None:
    client = aws.client("codepipeline", aws.administrator(account))
    [found] = client.list_pipeline_executions(pipelineName="restart")["pipelineExecutionSummaries"]
    return None if found["status"] == "InProgress" else str(found["status"])


def _builds(aws: Any, account: str) -> tuple[str, str]:
    """A build that runs, and one that waits for it."""
    session = aws.administrator(account)
    role = aws.role(account, "builder", allow("*"), trust("codebuild.amazonaws.com"))
    client = aws.client("codebuild", session)
    client.create_project(
        name="restart",
        source={
            "type": "NO_SOURCE",
            "buildspec": "version: 0.2\nphases: {build: {commands: [sleep 600]}}\n",
        },
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "host",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role,
        concurrentBuildLimit=1,
    )
    build_id = str(client.start_build(**SLOW)["build"]["id"])
    until(lambda: client.batch_get_builds(ids=[build_id])["builds"][0]["currentPhase"] == "BUILD")
    waiting = str(client.start_build(**QUICK)["build"]["id"])
    return build_id, waiting


def test_an_approval_waits_on_and_a_build_is_failed(
    launch: Callable[..., Any], tmp_path: Path
) -> None:
    running = launch(tmp_path, "--port", "0")
    aws = running.local
    account = aws.account("restart")
    _pipeline(aws, account)
    token = until(lambda: _token(aws, account))
    build_id, waiting = _builds(aws, account)
    running.process.kill()
    running.process.wait()

    aws = launch(tmp_path, "--port", "0").local
    assert until(lambda: _token(aws, account)) == token
    client = aws.client("codepipeline", aws.administrator(account))
    client.put_approval_result(
        pipelineName="restart",
        stageName="Approval",
        actionName="Approve",
        result={"status": "Approved", "summary": "still fine"},
        token=token,
    )
    assert until(lambda: _status(aws, account)) == "Succeeded"
    builds = aws.client("codebuild", aws.administrator(account))
    build = builds.batch_get_builds(ids=[build_id])["builds"][0]
    assert build["buildStatus"] == "FAILED"
    assert "stopped while the build ran" in json.dumps(build["phases"], default=str)
    [cut_off] = [one for one in build["phases"] if one["phaseType"] == "BUILD"]
    assert cut_off["phaseStatus"] == "FAILED"

    def over() -> Any:
        [found] = builds.batch_get_builds(ids=[waiting])["builds"]
        return found["buildComplete"] and found["buildStatus"]

    assert until(over) == "SUCCEEDED", "what had not begun is begun"
    again = [builds.start_build(**asked)["build"]["id"] for asked in (SLOW, QUICK)]
    assert again == [build_id, waiting]
    assert not [one for one in (tmp_path / "codebuild").glob("*") if one.name != "cache"]
