"""Each kind of pipeline by itself, for a model whose code comes over a connection: a push builds,
and what one pipeline leaves, another one takes by name."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.kinds.kinds_world import SHARED, World


def test_a_build_is_trained_registered_and_deployed_by_name(kinds: World) -> None:
    copy = kinds.begin("wired")
    hosted = kinds.folder / "hosted" / "acme" / "wired.git"
    kinds.git(copy, "remote", "add", "origin", str(hosted))
    first = kinds.commit(copy)
    kinds.git(copy, "push", "-q", "origin", "HEAD:refs/heads/elsewhere")
    kinds.git(copy, "push", "-q", "origin", "HEAD:refs/heads/trunk")
    execution = kinds.begun_with("wired-image", first)
    kinds.succeed("wired-image", execution)
    (copy / "README.md").write_text("No code.\n")
    words = kinds.commit(copy, "Say what it is")
    kinds.git(copy, "push", "-q", "origin", "HEAD:refs/heads/trunk")
    code = copy / "src" / "wired" / "__init__.py"
    code.write_text(f"{code.read_text()}\nWHERE = 'over a connection'\n")
    second = kinds.commit(copy, "Say where it comes from")
    kinds.git(copy, "push", "-q", "origin", "HEAD:refs/heads/trunk")

    kinds.succeed("wired-image", kinds.begun_with("wired-image", second))
    begun = [
        one["revisionId"] for e in kinds.executions("wired-image") for one in e["sourceRevisions"]
    ]
    assert words not in begun, "no file of `paths` was changed"
    assert begun == [second, first], "a push to another branch starts nothing"

    # The build before the last, by the beginning of its commit, with another parameter.
    kinds.succeed("wired-training", kinds.start("wired-training", Build=first[:9], percent="25"))
    (job,) = kinds.trained("wired")
    assert job["HyperParameters"] == {"percent": "25"}
    assert {tag["Key"]: tag["Value"] for tag in tags(kinds, job)}["landrail:commit"] == first
    kinds.succeed("wired-training", kinds.start("wired-training"))
    assert kinds.trained("wired")[1]["HyperParameters"] == {"percent": "50"}

    candidate = job["TrainingJobName"]
    kinds.succeed("wired-registration", kinds.start("wired-registration", Candidate=candidate))
    (version,) = kinds.versions("wired")
    assert version["CustomerMetadataProperties"]["commit"] == first
    assert version["ModelApprovalStatus"] == "PendingManualApproval"

    kinds.succeed("wired-deployment", kinds.start("wired-deployment", Version="1"))
    uat = kinds.client("dee@retail-uat", "sagemaker")
    assert uat.describe_endpoint(EndpointName="wired-staging")["EndpointStatus"] == "InService"
    assert kinds.executions("wired-release")[0]["status"] == "InProgress"


def test_what_is_not_there_is_said(kinds: World) -> None:
    execution = kinds.start("tiny-deployment", Version="7")
    assert kinds.end("tiny-deployment", execution) == "Failed"
    assert "NoSuchKey" in kinds.why("tiny-deployment", execution)


def test_a_variable_that_no_pipeline_has_is_refused(kinds: World) -> None:
    with pytest.raises(ClientError, match="does not declare the variables: Candidate"):
        kinds.start("wired-training", Candidate="x")


def test_scientists_start_no_pipeline(kinds: World) -> None:
    codepipeline = kinds.client(f"ana@{SHARED}", "codepipeline")
    with pytest.raises(ClientError, match="StartPipelineExecution"):
        codepipeline.start_pipeline_execution(name="wired-training")


def tags(world: World, job: dict[str, str]) -> list[dict[str, str]]:
    sagemaker = world.client("dee@retail-uat", "sagemaker")
    return list(sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"])
