"""The demo's report, and that everything it names can be looked at by any client."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")

PRODUCTION = "dee@passengers-production"
ACTS_BY = {"ana", "audrey", "dee", "adam", "eli", "cal"}


def test_the_model_beats_departure_delay_alone(demo: Demo) -> None:
    report = demo.report
    assert report["auc"] > report["baseline"] > 0.8
    assert report["metrics"]["auc"] >= report["metrics"]["baseline"] + 0.01
    assert report["flights"] > 10_000
    assert report["batch_rows"] > 4_000


def test_every_forbidden_act_is_denied_by_a_named_policy_and_every_twin_allowed(demo: Demo) -> None:
    acts = demo.report["acts"]
    assert [act for act in acts if not act["as_it_must"]] == []
    denied = [act for act in acts if act["expected"] == "denied"]
    allowed = [act for act in acts if act["expected"] == "allowed"]
    assert len(denied) == len(allowed) >= 15
    assert {act["caller"].split("@")[0] for act in denied} == ACTS_BY
    assert all(act["layer"] and act["reason"] and act["owner"] for act in denied)
    assert {"scp", "identity"} <= {act["layer"] for act in denied}


def test_the_three_rules_were_broken_found_and_put_back(demo: Demo) -> None:
    assert len(demo.report["broken"]) == 3
    assert len({broken["rule"] for broken in demo.report["broken"]}) == 3


def test_the_second_plan_of_the_demo_found_nothing_to_do(demo: Demo) -> None:
    assert demo.report["second_apply"] == 0


def test_a_second_apply_makes_no_mutating_call(demo: Demo) -> None:
    result = demo.apply()
    assert result["ok"]
    assert result["mutating_calls"] == 0
    assert result["done"] == []


@pytest.mark.parametrize(
    ("name", "who", "operation", "parameter"),
    [
        ("training_job", "dee@passengers-uat", "describe_training_job", "TrainingJobName"),
        ("experiment", "ana@passengers-data-science", "describe_training_job", "TrainingJobName"),
        ("endpoint", PRODUCTION, "describe_endpoint", "EndpointName"),
        (
            "transform_job",
            "dee@passengers-production",
            "describe_transform_job",
            "TransformJobName",
        ),
    ],
)
def test_what_the_report_names_can_be_described(
    demo: Demo, name: str, who: str, operation: str, parameter: str
) -> None:
    arn = demo.report["arns"][name]
    client = demo.client(who, "sagemaker")
    found = getattr(client, operation)(**{parameter: arn.rpartition("/")[2]})
    assert arn in found.values()


def test_package_and_executions_can_be_described(demo: Demo) -> None:
    arns = demo.report["arns"]
    package = demo.client("dee@shared-prod", "sagemaker").describe_model_package(
        ModelPackageName=arns["package"]
    )
    assert package["ModelApprovalStatus"] == "Approved"
    assert "dee" in package["ApprovalDescription"]
    assert package["CustomerMetadataProperties"]["commit"] == demo.report["commit"]
    pipelines = demo.client("dee@shared-prod", "codepipeline")
    for pipeline, execution in (("delays", "execution"), ("delays-release", "release_execution")):
        found = pipelines.get_pipeline_execution(
            pipelineName=pipeline, pipelineExecutionId=arns[execution]
        )
        assert found["pipelineExecution"]["status"] == "Succeeded"


def test_production_reports_the_digest_that_was_approved(demo: Demo) -> None:
    endpoint = demo.client("dee@passengers-production", "sagemaker").describe_endpoint(
        EndpointName="delays"
    )
    image = endpoint["ProductionVariants"][0]["DeployedImages"][0]["ResolvedImage"]
    package = demo.client("dee@shared-prod", "sagemaker").describe_model_package(
        ModelPackageName=demo.report["arns"]["package"]
    )
    approved = package["InferenceSpecification"]["Containers"][0]["Image"]
    assert image == approved == demo.report["arns"]["image"]
    assert "@sha256:" in image


def test_no_connection_left_the_loopback_interface(demo: Demo) -> None:
    sink = Path(demo.environment["LANDRAIL_TEST_CONNECTIONS"])
    assert not sink.exists(), sink.read_text()


def test_the_watch_would_have_seen_one(demo: Demo, tmp_path: Path) -> None:
    import subprocess
    import sys

    sink = tmp_path / "seen"
    environment = {**demo.environment, "LANDRAIL_TEST_CONNECTIONS": str(sink)}
    program = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert ended.returncode != 0
    assert "192.0.2.1" in sink.read_text()
