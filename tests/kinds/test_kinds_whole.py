"""The whole way of a model, from a push through a development stage and UAT to production, by one
definition with parameters, retries and a limited approval."""

from __future__ import annotations

import time

import pytest

from tests.kinds.kinds_world import SHARED, World

pytestmark = pytest.mark.soak


def test_from_a_push_to_production(kinds: World) -> None:
    copy = kinds.begin("tiny")
    commit = kinds.commit(copy)
    kinds.push(copy)
    execution = kinds.begun_with("tiny", commit)
    kinds.succeed("tiny", execution)
    stages = [one["stageName"] for one in kinds.actions("tiny", execution)]
    assert list(dict.fromkeys(stages)) == ["Source", "Build", "Development", "Train", "Staging"]
    for account, endpoint in (("retail-development", "tiny-dev"), ("retail-uat", "tiny-staging")):
        sagemaker = kinds.client(f"dee@{account}", "sagemaker")
        assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "InService"
        (job,) = kinds.trained("tiny", account)
        assert job["HyperParameters"] == {"percent": "50", "note": "none"}
        assert f":{kinds.platform.ids[account]}:" in job["RoleArn"]
    codepipeline = kinds.client(f"dee@{SHARED}", "codepipeline")
    told = codepipeline.get_pipeline_execution(pipelineName="tiny", pipelineExecutionId=execution)[
        "pipelineExecution"
    ]
    variables = {one["name"]: one["resolvedValue"] for one in told["variables"]}
    assert variables["Author"].endswith(":assumed-role/data-scientist-churn/ana")

    release = kinds.executions("tiny-release")[0]["pipelineExecutionId"]
    kinds.approve("tiny-release", release, "dee")
    kinds.succeed("tiny-release", release)
    (version,) = kinds.versions("tiny")
    assert version["ModelApprovalStatus"] == "Approved"
    assert version["ModelLifeCycle"]["StageStatus"] == "Live"
    assert version["ModelCard"]["ModelCardStatus"] == "Approved"
    assert "ana" in version["CustomerMetadataProperties"]["authors"]
    assert served(kinds) == {"ModelPackageName": version["ModelPackageArn"]}


def served(kinds: World) -> dict[str, str]:
    """What the endpoint in production serves."""
    production = kinds.client("dee@retail-production", "sagemaker")
    told = production.describe_endpoint(EndpointName="tiny")
    assert told["EndpointStatus"] == "InService"
    config = production.describe_endpoint_config(EndpointConfigName=told["EndpointConfigName"])
    (variant,) = config["ProductionVariants"]
    return dict(production.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"])


def test_an_engineer_who_began_it_does_not_release_it(kinds: World) -> None:
    before = served(kinds)
    kinds.succeed("tiny", kinds.start("tiny", percent="75"))
    release = kinds.executions("tiny-release")[0]["pipelineExecutionId"]
    kinds.approve("tiny-release", release, "dee")
    assert kinds.end("tiny-release", release) == "Failed"
    assert "dee approved a model that is their own work" in kinds.why("tiny-release", release)
    assert kinds.versions("tiny")[-1]["ModelApprovalStatus"] == "PendingManualApproval"
    assert served(kinds) == before


def test_a_rejection_reaches_the_registry(kinds: World) -> None:
    kinds.succeed("tiny-deployment", kinds.start("tiny-deployment"))
    release = kinds.executions("tiny-release")[0]["pipelineExecutionId"]
    kinds.approve("tiny-release", release, "dee", "Rejected")
    assert kinds.end("tiny-release", release) == "Failed"
    until = time.monotonic() + 120
    while (version := kinds.versions("tiny")[-1])["ModelApprovalStatus"] != "Rejected":
        assert time.monotonic() < until, version
        time.sleep(0.5)
    assert version["ApprovalDescription"].startswith("rejected by dee at ")
    assert version["CustomerMetadataProperties"]["rejected-by"].endswith("/dee")


def test_a_stage_that_fails_is_tried_again_once(kinds: World) -> None:
    execution = kinds.start("tiny", percent="none")
    assert kinds.end("tiny", execution) == "Failed"
    tried = [
        one["status"] for one in kinds.actions("tiny", execution) if one["actionName"] == "Develop"
    ]
    assert tried == ["Failed", "Failed"]


def test_versions_are_deployed_again_by_number(kinds: World) -> None:
    kinds.succeed("tiny-training", kinds.start("tiny-training", percent="25"))
    kinds.succeed("tiny-registration", kinds.start("tiny-registration"))
    kinds.succeed("tiny-deployment", kinds.start("tiny-deployment", Version="1"))
    first, *_, last = kinds.versions("tiny")
    assert first["CustomerMetadataProperties"]["auc"] != last["CustomerMetadataProperties"]["auc"]
    execution = kinds.start("tiny-deployment", Version="9")
    assert kinds.end("tiny-deployment", execution) == "Failed"
    assert "there are: 1, 2, 3" in kinds.why("tiny-deployment", execution)
