"""Definitions that AWS refuses are refused with its codes and words, all that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import Person
from code_workshop import Workshop, action
from pipeline_lines import approvals, rule

Definition = dict[str, Any]
Change = Callable[[Definition], object]
STRUCTURE = "InvalidStructureException"
STAGE = "InvalidStageDeclarationException"
ACTION = "InvalidActionDeclarationException"


@pytest.fixture(scope="module")
def shop(local_aws: Any, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Pipelines that are never made need a name and a role, and nothing else."""
    account = local_aws.account("code")
    home = tmp_path_factory.mktemp("home")
    person = Person(local_aws.administrator(account), local_aws.endpoint, home)
    return Workshop(person, "defined", "repo", f"arn:aws:iam::{account}:role/any", "store-x", "pro")


def _refused(shop: Workshop, definition: Definition) -> dict[str, str]:
    with pytest.raises(ClientError) as caught:
        shop.client.create_pipeline(pipeline=definition)
    return dict(caught.value.response["Error"])


def _build(**more: Any) -> Definition:
    configuration = {"ProjectName": "p", **more.pop("configuration", {})}
    return action(
        "Build",
        "CodeBuild",
        "Make",
        **{"configuration": configuration, "inputArtifacts": [{"name": "Code"}], **more},
    )


def _stage(*actions: Definition, **more: Any) -> Definition:
    return {"name": "Rest", "actions": list(actions), **more}


def _window(cron: str, **more: str) -> Definition:
    return {"conditions": [{"rules": [rule("DeploymentWindow", "w", Cron=cron, **more)]}]}


ACTIONS: list[tuple[Definition, str, str]] = [
    (
        _build(configuration={"Projectname": "x"}),
        ACTION,
        "Action configuration for action 'Make' contains unknown configuration 'Projectname', did "
        "you mean 'ProjectName'?",
    ),
    (
        _build(configuration={"BatchEnabled": "true"}),
        ACTION,
        "'BatchEnabled' is not supported by the local AWS",
    ),
    (
        _build(inputArtifacts=[]),
        ACTION,
        "Action Make declares 0 input artifacts which is less than the minimum count (1)",
    ),
    (
        _build(inputArtifacts=[{"name": "Other"}]),
        STRUCTURE,
        "Input Artifact Bundle Other in action Make is not declared as output artifact",
    ),
    (
        _build(outputArtifacts=[{"name": "Code"}]),
        STRUCTURE,
        "Output Artifact Bundle name must be unique within the pipeline. Code has been used more "
        "than once.",
    ),
    (
        _build(namespace="Source"),
        ACTION,
        "Namespaces must be unique across the pipeline definition. The following occur more than "
        "once in the pipeline. StageName=[Rest], ActionName=[Make], Namespace=[Source]",
    ),
    (
        _build(configuration={"EnvironmentVariables": '[{"name":"A","value":"#{Sorce.X}"}]'}),
        ACTION,
        "referencing a namespace that does not exist. StageName=[Rest], ActionName=[Make], "
        "ActionConfigurationKey=[EnvironmentVariables], VariableReferenceText=[#{Sorce.X}]",
    ),
    (
        _build(configuration={"ProjectName": "#{variables.where}"}),
        ACTION,
        "are not declared by the pipeline",
    ),
    (_build(configuration={"EnvironmentVariables": "{"}), ACTION, "is not JSON"),
    (_build(region="us-east-1"), ACTION, "another region is not supported"),
    (_build(outputVariables=["X"]), ACTION, "outputVariables is not supported"),
    (
        action("Source", "S3", "Again", outputArtifacts=[{"name": "B"}]),
        STRUCTURE,
        "the first stage must contain source actions only",
    ),
    (
        action("Deploy", "ECS", "Roll"),
        ACTION,
        "ActionType (Category: 'Deploy', Provider: 'ECS', Owner: 'AWS', Version: '1') in action "
        "'Roll' is not available in region 'EU_WEST_1'",
    ),
]

STAGES: list[tuple[Definition, str, str]] = [
    (_stage(), STAGE, "Stage Rest must have at least one action"),
    (
        _stage(_build(), _build()),
        STAGE,
        "Action names must be unique within stage Rest. Make has been used more than once.",
    ),
    (
        {**approvals("Source")},
        STRUCTURE,
        "Stage names must be unique. Source has been used more than once.",
    ),
    (_stage(_build(), onFailure={"result": "SKIP"}), STAGE, "result SKIP is not one of"),
    (
        _stage(_build(), beforeEntry=_window("* * * * * *")),
        STAGE,
        "one of day of month and day of week must be `?`",
    ),
    (
        _stage(_build(), beforeEntry=_window("0 * * ? * MON", TimeZone="Mars")),
        STAGE,
        "TimeZone Mars is not known",
    ),
    (
        _stage(
            _build(),
            beforeEntry={
                "conditions": [
                    {"result": "SKIP", "rules": [rule("CloudWatchAlarm", "a", AlarmName="x")]}
                ]
            },
        ),
        STAGE,
        "result SKIP needs the rules VariableCheck, LambdaInvoke",
    ),
    (
        _stage(
            _build(),
            onSuccess={"conditions": [{"rules": [rule("LambdaInvoke", "a", FunctionName="x")]}]},
        ),
        STAGE,
        "rules of LambdaInvoke are not supported by the local AWS",
    ),
]

WHOLES: list[tuple[Change, str, str]] = [
    (
        lambda one: one.update(stages=one["stages"][:1]),
        STRUCTURE,
        "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline",
    ),
    (
        lambda one: one.update(pipelineType="V1", executionMode="QUEUED"),
        STRUCTURE,
        "Execution mode QUEUED is supported by pipelines of type V2 only",
    ),
    (
        lambda one: one.update(executionMode="SOMETIMES"),
        "ValidationException",
        "Value 'SOMETIMES' at 'pipeline.executionMode' failed to satisfy constraint: Member must "
        "satisfy enum value set: [QUEUED, SUPERSEDED, PARALLEL]",
    ),
    (
        lambda one: one.update(name="a b"),
        "ValidationException",
        "Value 'a b' at 'pipeline.name' failed to satisfy constraint: Member must satisfy regular "
        "expression pattern: [A-Za-z0-9.@\\-_]+",
    ),
    (lambda one: one.pop("artifactStore"), STRUCTURE, "Pipeline must have an artifactStore"),
    (
        lambda one: one.update(variables=[{"name": "a"}, {"name": "a"}]),
        STRUCTURE,
        "Variable names must be unique. a has been used more than once.",
    ),
    (
        lambda one: (
            one["stages"][1].update(onFailure={"result": "ROLLBACK"})
            or one.update(executionMode="PARALLEL")
        ),
        STAGE,
        "ROLLBACK is not available in PARALLEL mode",
    ),
    (
        lambda one: one["stages"][0].update(onFailure={"result": "ROLLBACK"}),
        STAGE,
        "a source stage cannot be rolled back",
    ),
]


@pytest.mark.parametrize(("wrong", "code", "told"), ACTIONS, ids=[one[2][:40] for one in ACTIONS])
def test_actions(shop: Workshop, wrong: Definition, code: str, told: str) -> None:
    error = _refused(shop, shop.definition(_stage(wrong, *[approvals("x")["actions"][0]])))
    assert error["Code"] == code, error
    assert told in error["Message"]


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    STAGES,
    ids=[one[2][:40] for one in STAGES],
)
def test_stages(shop: Workshop, wrong: Definition, code: str, told: str) -> None:
    error = _refused(shop, shop.definition(wrong, approvals("Last")))
    assert error["Code"] == code, error
    assert told in error["Message"]


@pytest.mark.parametrize(("change", "code", "told"), WHOLES, ids=[one[2][:40] for one in WHOLES])
def test_wholes(shop: Workshop, change: Change, code: str, told: str) -> None:
    definition = shop.definition(approvals("A"))
    change(definition)
    error = _refused(shop, definition)
    assert error["Code"] == code, error
    assert told in error["Message"]


def test_all_that_is_wrong_is_told_at_once(shop: Workshop) -> None:
    error = _refused(
        shop,
        shop.definition(
            _stage(
                _build(inputArtifacts=[]), {**_build(configuration={"X": "1"}), "name": "Other"}
            ),
            approvals("A", onFailure={"retryConfiguration": {"retryMode": "ALL_ACTIONS"}}),
        ),
    )
    for told in ("less than the minimum", "configuration 'X'", "needs the result RETRY"):
        assert told in error["Message"]
