"""Definitions of pipelines and build projects are what AWS takes: templates by cfn-lint with its
warnings, definitions by botocore's models, their structure by CodePipeline's rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner
from definitions import PIPELINE, PROJECT, by_botocore, definitions, filled, shape_of
from structure_rules import wrong_in

from landrail.compiler import compile_platform, wanted_of
from landrail.localaws.services.codebuild.buildspec.parsing import parse
from landrail.localaws.services.codepipeline.definition import check
from landrail.localaws.store.constraints import broken
from landrail.operations.project import open_project
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

_ROOT = Path(__file__).parents[2]
_FILES = [
    *sorted((_ROOT / "examples").glob("*/*.yaml")),
    *sorted((_ROOT / "tests").glob("*/landrail.yaml")),
]
_CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/11111111-2222"
_KINDS = ["end-to-end", "image", "training", "registration", "deployment"]
_LONG = {
    "team": "team-retail",
    "repo": {"connection": _CONNECTION, "id": "acme/models"},
    "branch": "trunk",
    "paths": ["src/**", "pyproject.toml"],
    "schedule": "rate(7 days)",
    "approve": {"by": "mlops", "within": "60d"},
    "parameters": {f"parameter_{number}": "x" * 100 for number in range(2)},
    "pipelines": {
        kind: {"retry": retry, "mode": mode}
        for kind, retry, mode in zip(
            _KINDS,
            ("all", "failed", "none", "all", "failed"),
            ("queued", "superseded", "parallel", "parallel", "superseded"),
            strict=True,
        )
    },
    "serve": ["online", "batch"],
    "batch": {"format": "parquet", "schedule": "cron(0 4 * * ? *)", "machines": 4},
    "deploy": {
        "strategy": "linear",
        "share": "20%",
        "autoscale": {"min": 1, "max": 4, "invocations": 600},
        "capture": "10%",
    },
}


_MORE = {"team": "team-retail", "pipelines": _KINDS, "serve": ["online"]}


def _everything(build: Callable[..., Platform]) -> Platform:
    """Every kind and option of pipelines at once, under names as long as the file takes."""
    long = "m" * 24
    models = {
        long: _LONG,
        "plain": {**_MORE, "development": "data-science"},
        "tried": {**_MORE, "development": "development"},
        "scores": {"team": "team-retail", "serve": ["batch"], "batch": {"schedule": "rate(1 day)"}},
    }
    return build(["retail"], development=["retail"], models=models)


@pytest.fixture(scope="module")
def platforms(build: Callable[..., Platform]) -> dict[str, Wanted]:
    found = {"everything": compile_platform(_everything(build))}
    for file in _FILES:
        found[str(file.relative_to(_ROOT))] = wanted_of(open_project(file).document)
    return found


def test_there_is_a_definition_of_every_kind(platforms: dict[str, Wanted]) -> None:
    everything = platforms["everything"]
    names = [one["name"] for _, one in definitions(everything, PIPELINE)]
    assert len(names) == len(set(names)) == 22
    providers = {
        action["actionTypeId"]["provider"]
        for _, one in definitions(everything, PIPELINE)
        for stage in one["stages"]
        for action in stage["actions"]
    }
    assert providers == {
        *("CodeCommit", "CodeStarSourceConnection", "S3"),
        *("CodeBuild", "CloudFormation", "Manual"),
    }
    assert all(any(definitions(one, PIPELINE)) for one in platforms.values())


def test_cloudformation_has_no_warning_of_them(platforms: dict[str, Wanted]) -> None:
    runner = Runner(ConfigMixIn(regions=["eu-west-1"]))
    found = []
    for stack in platforms["everything"].of_kind(Stack):
        kinds = {made["Type"] for made in stack.template["Resources"].values()}
        if kinds & {PIPELINE, PROJECT}:
            template, errors = decode_str(json.dumps(filled(stack.template)))
            matches = errors or runner.validate_template(template)
            found += [f"{stack.address}: {match}" for match in matches]
    assert found == []


@pytest.mark.parametrize("kind", [PIPELINE, PROJECT])
def test_botocore_takes_each(platforms: dict[str, Wanted], kind: str) -> None:
    """Names, types and required members by botocore's validation; lengths, patterns and
    enumerations, which it leaves to AWS, by what its models say of them."""
    found = [
        f"{file} {address} {one['name']}: {said}"
        for file, wanted in platforms.items()
        for address, one in definitions(wanted, kind)
        for said in (*by_botocore(kind, one), *broken(shape_of(kind), one, one["name"]))
    ]
    assert found == []


def test_the_structure_of_each_pipeline_holds(platforms: dict[str, Wanted]) -> None:
    found = [
        f"{file} {address} {one['name']}: {said}"
        for file, wanted in platforms.items()
        for address, one in definitions(wanted, PIPELINE)
        for said in wrong_in(one)
    ]
    assert found == []


def test_the_local_aws_takes_each(platforms: dict[str, Wanted]) -> None:
    for wanted in platforms.values():
        for _, one in definitions(wanted, PIPELINE):
            check(one, "eu-west-1")


def test_each_build_is_of_a_project_that_is_there(platforms: dict[str, Wanted]) -> None:
    for file, wanted in platforms.items():
        projects = {one["name"] for _, one in definitions(wanted, PROJECT)}
        built = {
            action["configuration"]["ProjectName"]
            for _, one in definitions(wanted, PIPELINE)
            for stage in one["stages"]
            for action in stage["actions"]
            if action["actionTypeId"]["provider"] == "CodeBuild"
        }
        assert built <= projects, file


def test_each_buildspec_can_be_read(platforms: dict[str, Wanted]) -> None:
    for wanted in platforms.values():
        for _, one in definitions(wanted, PROJECT):
            assert parse(one["source"]["buildspec"]).phases


def _stage(pipeline: dict[str, Any], number: int) -> dict[str, Any]:
    stage: dict[str, Any] = pipeline["stages"][number]
    return stage


def _again(pipeline: dict[str, Any]) -> None:
    pipeline["stages"].append(copy.deepcopy(pipeline["stages"][-1]))


def _before(pipeline: dict[str, Any]) -> None:
    pipeline["stages"].insert(1, pipeline["stages"].pop())


def _order(pipeline: dict[str, Any]) -> None:
    _stage(pipeline, -1)["actions"][0]["runOrder"] = 7


def _reference(pipeline: dict[str, Any]) -> None:
    _stage(pipeline, 1)["actions"][0]["configuration"]["EnvironmentVariables"] = "#{Source.Author}"


def _template(pipeline: dict[str, Any]) -> None:
    deploys = [one for one in _stage(pipeline, -1)["actions"] if one["name"] == "Deploy"]
    deploys[0]["configuration"]["TemplatePath"] = "Built::template.json"


def _short(pipeline: dict[str, Any]) -> None:
    del pipeline["stages"][1:]


def _source(pipeline: dict[str, Any]) -> None:
    _stage(pipeline, 1)["actions"].append(_stage(pipeline, 0)["actions"][0])


_BROKEN = (_again, _before, _order, _reference, _template, _short, _source)


@pytest.mark.parametrize("breaking", _BROKEN, ids=lambda one: one.__name__.lstrip("_"))
def test_what_breaks_the_structure_is_found(
    platforms: dict[str, Wanted], breaking: Callable[[dict[str, Any]], None]
) -> None:
    whole = next(one for _, one in definitions(platforms["everything"], PIPELINE))
    broken_one = copy.deepcopy(whole)
    breaking(broken_one)
    assert wrong_in(whole) == []
    assert wrong_in(broken_one) != []


@pytest.mark.parametrize("kind", [PIPELINE, PROJECT])
def test_what_breaks_the_shape_is_found(platforms: dict[str, Wanted], kind: str) -> None:
    whole = next(one for _, one in definitions(platforms["everything"], kind))
    assert by_botocore(kind, {**whole, "Strange": "1"})
    assert by_botocore(kind, {key: value for key, value in whole.items() if key != "name"})
    assert list(broken(shape_of(kind), {**whole, "name": "n" * 300 + "!"}, ""))
