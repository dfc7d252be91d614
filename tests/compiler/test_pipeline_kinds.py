"""The five kinds of pipelines: what each is made of, who starts it, in which mode, and that AWS and
the local AWS take what is compiled."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from landrail.compiler import compile_platform, wanted_of
from landrail.compiler.parameters import check as check_parameters
from landrail.diagnostics import Mistakes
from landrail.localaws.services.codepipeline.definition import check
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

Build = Callable[..., Platform]
Made = dict[str, dict[str, Any]]
CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/0f1e2d3c"
EVERY = ["end-to-end", "image", "training", "registration", "deployment"]
STAGES = {
    "m": ["Source", "Build", "Development", "Train", "Staging"],
    "m-image": ["Source", "Build"],
    "m-training": ["Source", "Train"],
    "m-registration": ["Source", "Register"],
    "m-deployment": ["Source", "Prepare", "Staging"],
    "m-release": ["Source", "Approval", "Production"],
}


def document(build: Build, **entry: Any) -> Platform:
    """A platform of one model."""
    model = {"team": "team-retail", "serve": ["online"], **entry}
    return build(["retail"], development=["retail"], models={"m": model})


def of(build: Build, **entry: Any) -> Wanted:
    """What is compiled of such a platform."""
    return wanted_of(document(build, **entry))


def properties(wanted: Wanted, type_: str) -> Made:
    return {
        made["Properties"]["Name"]: made["Properties"]
        for stack in wanted.of_kind(Stack)
        for made in stack.template["Resources"].values()
        if made["Type"] == type_
    }


def pipelines(wanted: Wanted) -> Made:
    return properties(wanted, "AWS::CodePipeline::Pipeline")


def source(pipeline: Mapping[str, Any]) -> dict[str, Any]:
    return dict(pipeline["Stages"][0]["Actions"][0]["Configuration"])


@pytest.fixture(scope="module")
def every(build: Build) -> Made:
    """The pipelines of a model that has every kind."""
    kinds = {kind: {} for kind in EVERY}
    return pipelines(
        of(build, pipelines=kinds, development="development", parameters={"depth": "3"})
    )


def test_each_kind_is_a_pipeline_of_its_own(every: Made) -> None:
    stages = {name: [stage["Name"] for stage in one["Stages"]] for name, one in every.items()}
    assert stages == STAGES


def test_what_one_pipeline_leaves_the_next_begins_with(every: Made) -> None:
    begins = {name: source(one).get("S3ObjectKey") for name, one in every.items()}
    assert begins == {
        "m": None,
        "m-image": None,
        "m-training": "builds/m.zip",
        "m-registration": "trained/m.zip",
        "m-deployment": "registered/m.zip",
        "m-release": "candidates/m.zip",
    }


def test_variables_have_defaults_and_reach_the_steps(every: Made) -> None:
    variables = {
        name: {one["Name"]: one["DefaultValue"] for one in made.get("Variables", ())}
        for name, made in every.items()
    }
    assert variables == {
        "m": {"Author": "-", "depth": "3"},
        "m-image": {"Author": "-"},
        "m-training": {"Build": "newest", "depth": "3"},
        "m-registration": {"Candidate": "newest"},
        "m-deployment": {"Version": "newest"},
        "m-release": {},
    }
    train = every["m-training"]["Stages"][1]["Actions"][0]["Configuration"]
    told = {one["name"]: one["value"] for one in json.loads(train["EnvironmentVariables"])}
    assert told["LANDRAIL_PARAMETER_depth"] == "#{variables.depth}"
    assert told["LANDRAIL_CHOICE"] == "#{variables.Build}"
    assert told["LANDRAIL_EXECUTION"] == "#{codepipeline.PipelineExecutionId}"


def test_staging_is_deployed_and_tested_before_another_execution_comes_in(every: Made) -> None:
    for name in ("m", "m-deployment"):
        staging = every[name]["Stages"][-1]
        order = {one["Name"]: one["RunOrder"] for one in staging["Actions"]}
        assert order == {"Deploy": 1, "Test": 2}


def test_modes_are_as_the_file_says(build: Build) -> None:
    modes = {
        "end-to-end": {"mode": "queued"},
        "training": {"mode": "parallel"},
        "registration": None,
        "deployment": {"mode": "superseded"},
    }
    found = pipelines(of(build, pipelines={k: v or {} for k, v in modes.items()}))
    assert {name: one["ExecutionMode"] for name, one in found.items()} == {
        "m": "QUEUED",
        "m-training": "PARALLEL",
        "m-registration": "QUEUED",
        "m-deployment": "SUPERSEDED",
        "m-release": "QUEUED",
    }
    assert {one["PipelineType"] for one in found.values()} == {"V2"}


def test_stages_that_fail_are_tried_again_but_never_source_or_release(build: Build) -> None:
    found = pipelines(of(build, pipelines={"end-to-end": {"retry": "all"}}))
    retried = {
        f"{name}/{stage['Name']}": stage["OnFailure"]
        for name, one in found.items()
        for stage in one["Stages"]
        if "OnFailure" in stage
    }
    again = {"Result": "RETRY", "RetryConfiguration": {"RetryMode": "ALL_ACTIONS"}}
    assert retried == {"m/Build": again, "m/Train": again, "m/Staging": again}


@pytest.mark.parametrize(
    ("approve", "minutes"), [("mlops", 10080), ({"within": "30m"}, 30), ({"within": "60d"}, 86400)]
)
def test_an_approval_ends_when_the_file_says(build: Build, approve: Any, minutes: int) -> None:
    release = pipelines(of(build, approve=approve))["m-release"]
    (action,) = release["Stages"][1]["Actions"]
    assert action["TimeoutInMinutes"] == minutes


def test_rules_start_pipelines_by_push_and_by_time(build: Build) -> None:
    kinds = {"end-to-end": {}, "training": {"schedule": "rate(7 days)"}}
    wanted = of(build, pipelines=kinds, schedule="cron(0 3 ? * MON *)", branch="live")
    rules = properties(wanted, "AWS::Events::Rule")
    assert rules["m-push"]["EventPattern"]["detail"]["referenceName"] == ["live"]
    assert rules["m-schedule"]["ScheduleExpression"] == "cron(0 3 ? * MON *)"
    assert rules["m-training-schedule"]["ScheduleExpression"] == "rate(7 days)"
    started = {name: rules[name]["Targets"][0]["Arn"].rpartition(":")[2] for name in rules}
    expected = {"m-push": "m", "m-schedule": "m", "m-training-schedule": "m-training"}
    assert expected.items() <= started.items()


def test_without_the_whole_way_a_push_builds(build: Build) -> None:
    rules = properties(of(build, pipelines=["image", "training"]), "AWS::Events::Rule")
    assert rules["m-push"]["Targets"][0]["Arn"].endswith(":m-image")


def test_a_push_over_a_connection_is_a_trigger(build: Build) -> None:
    repo = {"connection": CONNECTION, "id": "acme/m"}
    wanted = of(
        build, repo=repo, branch="live", paths=["src/**"], pipelines=["end-to-end", "image"]
    )
    found = pipelines(wanted)
    assert source(found["m"]) | {"OutputArtifactFormat": ""} == {
        "ConnectionArn": CONNECTION,
        "FullRepositoryId": "acme/m",
        "BranchName": "live",
        "DetectChanges": "false",
        "OutputArtifactFormat": "",
    }
    (trigger,) = found["m"]["Triggers"]
    push = {"Branches": {"Includes": ["live"]}, "FilePaths": {"Includes": ["src/**"]}}
    assert trigger["GitConfiguration"] == {"SourceActionName": "Source", "Push": [push]}
    assert "Triggers" not in found["m-image"]
    assert "m-push" not in properties(wanted, "AWS::Events::Rule")
    assert not any(
        made["Type"] == "AWS::CodeCommit::Repository"
        for stack in wanted.of_kind(Stack)
        for made in stack.template["Resources"].values()
    )


def test_as_many_parameters_as_codepipeline_takes(build: Build) -> None:
    few = document(build, parameters={f"p{number}": "1" for number in range(9)})
    assert list(check_parameters(few, wanted_of(few))) == []
    many = {f"a_long_name_of_a_parameter_{number}": "1" for number in range(9)}
    with pytest.raises(Mistakes, match="9 parameters whose names take"):
        compile_platform(document(build, parameters=many))


def test_codepipeline_takes_every_definition(build: Build, every: Made) -> None:
    repo = {"connection": CONNECTION, "id": "acme/m"}
    connected = pipelines(of(build, repo=repo, paths=["src/**"], pipelines=["image"]))
    model = botocore.session.get_session().get_service_model("codepipeline")
    shape = model.shape_for("PipelineDeclaration")
    for made in (*every.values(), *connected.values()):
        declared = lowered(made)
        assert not ParamValidator().validate(declared, shape).has_errors()
        check(declared, "eu-west-1")


def lowered(value: Any, key: str = "") -> Any:
    """A pipeline's properties as the API has them."""
    if isinstance(value, list):
        return [lowered(one) for one in value]
    if not isinstance(value, dict) or key == "Configuration":
        return value
    return {name[0].lower() + name[1:]: lowered(one, name) for name, one in value.items()}


def test_a_stack_that_could_not_be_made_is_made_anew_but_in_production(every: Made) -> None:
    """A first version that does not serve must not keep every later one from the stage."""
    modes = {
        (name, stage["Name"]): action["Configuration"]["ActionMode"]
        for name, pipeline in every.items()
        for stage in pipeline["Stages"]
        for action in stage["Actions"]
        if action["ActionTypeId"]["Provider"] == "CloudFormation"
    }
    assert modes == {
        ("m", "Development"): "REPLACE_ON_FAILURE",
        ("m", "Staging"): "REPLACE_ON_FAILURE",
        ("m-deployment", "Staging"): "REPLACE_ON_FAILURE",
        ("m-release", "Production"): "CREATE_UPDATE",
    }
