"""Builds of pipelines: begun once, stopped with what is abandoned, done again after a kill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from code_people import allow, trust, until
from code_workshop import Workshop, action
from pipeline_lines import Line
from pipeline_site import NAME, Launch, Site

SLOW = "version: 0.2\nphases: {build: {commands: [sleep 300]}}\n"
QUICK = "version: 0.2\nphases: {build: {commands: ['true']}}\n"


def _project(shop: Workshop, spec: str) -> None:
    role = shop.person.client("iam").create_role(
        RoleName=f"{shop.name}-builds",
        AssumeRolePolicyDocument=json.dumps(trust("codebuild.amazonaws.com")),
    )["Role"]["Arn"]
    shop.person.client("iam").put_role_policy(
        RoleName=f"{shop.name}-builds",
        PolicyName="all",
        PolicyDocument=json.dumps(allow("s3:*", "logs:*")),
    )
    shop.person.client("codebuild").create_project(
        name=f"{shop.name}-slow",
        source={"type": "CODEPIPELINE", "buildspec": spec},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "host",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role,
    )


def _stage(shop: Workshop) -> dict[str, Any]:
    build = action(
        "Build",
        "CodeBuild",
        "Build",
        configuration={"ProjectName": f"{shop.name}-slow"},
        inputArtifacts=[{"name": "Code"}],
    )
    return {"name": "Build", "actions": [build]}


def _builds(shop: Workshop) -> list[str]:
    found = shop.person.client("codebuild").list_builds_for_project(projectName=f"{shop.name}-slow")
    return list(found["ids"])


def _running(shop: Workshop) -> str:
    """Wait until the build runs; return its id."""
    client = shop.person.client("codebuild")

    def found() -> str | None:
        for one in client.batch_get_builds(ids=_builds(shop))["builds"] if _builds(shop) else ():
            if one["currentPhase"] == "BUILD":
                return str(one["id"])
        return None

    return str(until(found))


def test_a_build_is_begun_once_for_a_token(workshop: Workshop) -> None:
    client = workshop.person.client("codebuild")
    role = client.batch_get_projects(names=[workshop.project])["projects"][0]["serviceRole"]
    client.create_project(
        name=f"{workshop.name}-slow",
        source={"type": "NO_SOURCE", "buildspec": QUICK},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "host",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role,
    )
    name = f"{workshop.name}-slow"
    ids = [
        client.start_build(projectName=name, idempotencyToken=token)["build"]["id"]
        for token in ("one", "one", "two")
    ]
    assert ids[0] == ids[1] != ids[2]
    assert len(_builds(workshop)) == 2


def test_a_failed_build_tells_the_pipeline_why(workshop: Workshop) -> None:
    _project(workshop, "version: 0.2\nphases: {build: {commands: ['exit 3']}}\n")
    line = Line(workshop, _stage(workshop))
    assert line.over(line.first) == "Failed"
    [done] = [one for one in line.actions(line.first) if one["actionName"] == "Build"]
    result = done["output"]["executionResult"]
    assert result["externalExecutionId"] in _builds(workshop)
    assert result["errorDetails"] == {
        "code": "JobFailed",
        "message": "Build terminated with state: FAILED. Phase: BUILD, Code: "
        "COMMAND_EXECUTION_ERROR, Message: Error while executing command: exit 3. Reason: exit "
        "status 3",
    }


def test_abandoning_an_execution_stops_its_build(workshop: Workshop) -> None:
    _project(workshop, SLOW)
    line = Line(workshop, _stage(workshop))
    build = _running(workshop)
    line.stop(line.first, abandon=True)
    assert line.over(line.first) == "Stopped"
    client = workshop.person.client("codebuild")
    until(lambda: client.batch_get_builds(ids=[build])["builds"][0]["buildStatus"] == "STOPPED")
    [done] = [one for one in line.actions(line.first) if one["actionName"] == "Build"]
    assert done["status"] == "Abandoned"


def test_a_build_that_was_killed_is_done_again(launch: Launch, tmp_path: Path) -> None:
    site = Site(launch, tmp_path)
    _project(site.shop, SLOW)
    shop = site.set_up(_stage(site.shop))
    execution = shop.first()
    build = _running(shop)
    site.kill()
    shop = site.shop
    assert shop.over(execution) == "Failed"
    result = shop.actions(execution)["Build"]["output"]["executionResult"]
    assert result["externalExecutionId"] == build
    assert "was stopped while the build ran" in result["errorDetails"]["message"]
    assert _builds(shop) == [build]
    source = {"type": "CODEPIPELINE", "buildspec": QUICK}
    shop.person.client("codebuild").update_project(name=f"{NAME}-slow", source=source)
    shop.client.retry_stage_execution(
        pipelineName=NAME,
        stageName="Build",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert shop.over(execution) == "Succeeded"
    assert len(_builds(shop)) == 2
