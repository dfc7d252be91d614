"""Variables and revisions: given, missing, unknown, and what actions hand on to each other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_workshop import Workshop, action
from pipeline_lines import Line, approvals

VARIABLES = [{"name": "stage", "defaultValue": "blue"}, {"name": "owner"}]


def _refused(workshop: Workshop, **more: Any) -> str:
    with pytest.raises(ClientError) as caught:
        workshop.start(**more)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    return str(error["Message"])


def _given(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_variables_have_their_defaults_and_what_a_start_gives(workshop: Workshop) -> None:
    asked = approvals("A")
    asked["actions"][0]["configuration"] = {
        "CustomData": "#{variables.stage} for #{variables.owner} in "
        "#{codepipeline.PipelineExecutionId} at #{Source.BranchName}"
    }
    line = Line(workshop, asked, variables=VARIABLES)
    assert not line.executions()
    assert "owner" in _refused(workshop)
    assert "colour" in _refused(workshop, variables=_given(owner="ana", colour="red"))
    assert "Nobody" in _refused(
        workshop,
        variables=_given(owner="ana"),
        sourceRevisions=[
            {"actionName": "Nobody", "revisionType": "COMMIT_ID", "revisionValue": "a"}
        ],
    )
    assert "IMAGE_DIGEST" in _refused(
        workshop,
        variables=_given(owner="ana"),
        sourceRevisions=[
            {"actionName": "Commit", "revisionType": "IMAGE_DIGEST", "revisionValue": "a"}
        ],
    )
    told = _refused(workshop, variables=_given(owner="a" * 1001))
    assert told.startswith("1 validation error detected: Value 'aaa")
    assert told.endswith("Member must have length less than or equal to 1000")
    execution = workshop.start(variables=_given(owner="ana"))
    line.token(execution, "A")
    [asked] = [one for one in line.actions(execution) if one["actionName"] == "A-ok"]
    data = asked["input"]["resolvedConfiguration"]["CustomData"]
    assert data == f"blue for ana in {execution} at main"
    resolved = {one["name"]: one["resolvedValue"] for one in line.execution(execution)["variables"]}
    assert resolved == {"stage": "blue", "owner": "ana"}


def test_a_variable_that_nobody_made_fails_the_action(workshop: Workshop) -> None:
    asked = approvals("A")
    asked["actions"][0]["configuration"] = {"CustomData": "#{Source.Colour}"}
    line = Line(workshop, asked)
    assert line.over(line.first) == "Failed"
    [done] = [one for one in line.actions(line.first) if one["actionName"] == "A-ok"]
    error = done["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert "#{Source.Colour}" in error["message"]


def test_a_start_names_the_commit(workshop: Workshop) -> None:
    first = workshop.commit("alpha")
    workshop.commit("beta")
    line = Line(workshop, approvals("A"), committed=True)
    execution = workshop.start(
        sourceRevisions=[
            {"actionName": "Commit", "revisionType": "COMMIT_ID", "revisionValue": first}
        ]
    )
    line.answer(line.first, "A")
    line.token(execution, "A")
    assert line.execution(execution)["artifactRevisions"][0]["revisionId"] == first


def test_types_are_told(workshop: Workshop) -> None:
    client = workshop.client
    kinds = {
        (one["id"]["category"], one["id"]["provider"])
        for one in client.list_action_types(actionOwnerFilter="AWS")["actionTypes"]
    }
    assert ("Approval", "Manual") in kinds
    assert not client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
    rules = {one["id"]["provider"]: one for one in client.list_rule_types()["ruleTypes"]}
    needed = {
        one["name"]
        for one in rules["VariableCheck"]["ruleConfigurationProperties"]
        if one["required"]
    }
    assert needed == {"Operator", "Value", "Variable"}


def test_actions_in_parallel_hand_on_what_they_make(workshop: Workshop) -> None:
    def stack(name: str, **more: Any) -> dict[str, Any]:
        return action(
            "Deploy",
            "CloudFormation",
            name,
            inputArtifacts=[{"name": "Code"}],
            configuration={
                "ActionMode": "CREATE_UPDATE",
                "StackName": f"{workshop.name}-{name}",
                "TemplatePath": "Code::template.json",
                "ParameterOverrides": json.dumps({"Word": more.pop("word")}),
            },
            **more,
        )

    stage = {
        "name": "Deploy",
        "actions": [
            stack("last", word="#{Left.Name} #{Right.Name}", runOrder=2),
            stack("left", word="l", namespace="Left", runOrder=1),
            stack("right", word="r", namespace="Right", runOrder=1),
        ],
    }
    line = Line(workshop, stage)
    assert line.over(line.first) == "Succeeded", line.actions(line.first)
    done = {one["actionName"]: one for one in line.actions(line.first)}
    names = [done[one]["output"]["outputVariables"]["Name"] for one in ("left", "right")]
    got = json.loads(done["last"]["input"]["resolvedConfiguration"]["ParameterOverrides"])
    assert got == {"Word": " ".join(names)}
    assert done["last"]["startTime"] >= max(
        done[one]["lastUpdateTime"] for one in ("left", "right")
    )
