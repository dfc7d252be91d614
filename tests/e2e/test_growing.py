"""A third line of business, and two commits that differ in one line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

REPOSITORY = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/delays"


def _wait(demo: Demo, known: set[str]) -> dict[str, Any]:
    client = demo.client("dee@shared-prod", "codepipeline")
    for _ in range(2400):
        found = client.list_pipeline_executions(pipelineName="delays")
        new = [
            e
            for e in found["pipelineExecutionSummaries"]
            if e["pipelineExecutionId"] not in known and e["status"] != "InProgress"
        ]
        if new:
            return dict(new[0])
        time.sleep(0.1)
    raise AssertionError("the pipeline does not end")


@pytest.mark.soak
def test_two_commits_that_differ_in_a_training_line_are_two_images(
    demo: Demo, tmp_path: Path
) -> None:
    who = "ana@shared-prod"
    pipelines = demo.client("dee@shared-prod", "codepipeline")
    known = {
        e["pipelineExecutionId"]
        for e in pipelines.list_pipeline_executions(pipelineName="delays")[
            "pipelineExecutionSummaries"
        ]
    }
    clone = tmp_path / "clone"
    demo.as_(who, "git", "clone", "-q", REPOSITORY, str(clone))
    train = clone / "src/delays/train.py"
    train.write_text(train.read_text().replace("random_state=0", "random_state=1"))
    git = ("git", "-C", str(clone), "-c", "user.name=ana", "-c", "user.email=a@b.c")
    demo.as_(who, *git, "commit", "-q", "-am", "Try another seed")
    demo.as_(who, *git, "push", "-q", "origin", "main")
    assert _wait(demo, known)["status"] == "Succeeded"
    registry = demo.client("dee@shared-prod", "sagemaker")
    packages = registry.list_model_packages(ModelPackageGroupName="delays", SortBy="CreationTime")
    images = [
        registry.describe_model_package(ModelPackageName=p["ModelPackageArn"])[
            "InferenceSpecification"
        ]["Containers"][0]["Image"]
        for p in packages["ModelPackageSummaryList"]
    ]
    assert len(set(images)) == len(images) == 2
    serving = demo.client("dee@passengers-production", "sagemaker").describe_endpoint(
        EndpointName="delays"
    )["ProductionVariants"][0]["DeployedImages"][0]["ResolvedImage"]
    assert serving == demo.report["arns"]["image"], "an image that nobody approved serves"


def test_an_unknown_digest_fails(demo: Demo) -> None:
    client = demo.client("ana@passengers-data-science", "sagemaker")
    known = client.describe_training_job(TrainingJobName="punctuality-explore")
    image = known["AlgorithmSpecification"]["TrainingImage"].partition("@")[0]
    request = {
        key: known[key]
        for key in ("RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig",
                    "StoppingCondition", "VpcConfig", "EnableNetworkIsolation",
                    "EnableInterContainerTrafficEncryption")
    }  # fmt: skip
    request["AlgorithmSpecification"] = {
        "TrainingImage": f"{image}@sha256:{'0' * 64}",
        "TrainingInputMode": "File",
    }
    try:
        client.create_training_job(TrainingJobName="punctuality-unknown", **request)
    except ClientError as error:
        assert "0" * 64 in str(error) or "image" in str(error).lower()  # noqa: PT017
        return
    for _ in range(600):
        found = client.describe_training_job(TrainingJobName="punctuality-unknown")
        if found["TrainingJobStatus"] != "InProgress":
            break
        time.sleep(0.1)
    assert found["TrainingJobStatus"] == "Failed"
    assert "image" in found["FailureReason"].lower()


def test_a_third_line_of_business(demo: Demo) -> None:
    text = demo.file.read_text()
    try:
        demo.file.write_text(text.replace("[passengers, cargo]", "[passengers, cargo, charter]"))
        told = json.loads(demo.run("plan", "--json").stdout)
        changes = {c["address"]: c for c in told["changes"] if c["action"] != "no-op"}
        created = {a for a, c in changes.items() if c["action"] == "create"}
        made = {a.rpartition("/")[2] for a in created if a.startswith("organization/account/")}
        assert made == {"charter-data-science", "charter-uat", "charter-production"}
        existing = {a: c for a, c in changes.items() if a not in created}
        assert {c["action"] for c in existing.values()} <= {"update"}
        for address, change in existing.items():
            for detail in change.get("details", ()):
                assert "replace" not in detail["effect"], (address, detail)
        result = demo.apply()
        assert result["ok"]
        assert set(result["done"]) >= set(changes)
        assert demo.plan() == {}
    finally:
        demo.file.write_text(text)


def test_an_unsupported_type_or_property_fails_with_its_name(demo: Demo, tmp_path: Path) -> None:
    client = demo.client("adam@cargo-data-science", "cloudformation")
    parameter = {"Type": "String", "Value": "1"}
    stream = {"Type": "AWS::Kinesis::Stream", "Properties": {}}
    coloured = {"Type": "AWS::SSM::Parameter", "Properties": {**parameter, "Colour": 1}}
    fine = {"Type": "AWS::SSM::Parameter", "Properties": {**parameter, "Name": "/adam/fine"}}
    for name, resource, word in (
        ("type", stream, "AWS::Kinesis::Stream"),
        ("property", coloured, "Colour"),
    ):
        template = {
            "Resources": {
                "Fine": fine,
                "Wrong": {**resource, "DependsOn": "Fine"},
            }
        }  # fmt: skip
        with pytest.raises(ClientError, match=word):
            client.create_stack(StackName=f"adams-{name}", TemplateBody=json.dumps(template))
    ssm = demo.client("adam@cargo-data-science", "ssm")
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/adam/fine")
