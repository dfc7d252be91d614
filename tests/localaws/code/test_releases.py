"""A release by its steps: nobody approves their own work, and what is approved is what was
registered, tested and proposed."""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from code_people import REGION, Person, allow
from release_line import METRICS, Line, pipeline, trusting, write_in

from landrail.aws.builds import BuildSession
from landrail.aws.packages import publish_wheel
from landrail.diagnostics import Mistakes
from landrail.operations.model.artifacts import Candidate
from landrail.operations.model.confirm import mark
from landrail.operations.model.reject import reject


@pytest.fixture(scope="module")
def line(local_aws: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A model in an account of its own, and something trained."""
    name, account = f"m-{uuid.uuid4().hex[:10]}", local_aws.account("releases")
    trust = json.loads(trusting(account, local_aws.management_account))
    role, other = (
        local_aws.role(account, called, allow("*"), trust) for called in (name, f"{name}-other")
    )
    sessions: dict[str, Any] = {}

    def as_(who: str) -> Any:
        if who not in sessions:
            sessions[who] = local_aws.assume(other if who == "mallory" else role, name=who)
        return sessions[who]

    kms = as_("machine").client("kms", endpoint_url=local_aws.endpoint)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    store, folder = f"{name}-store", tmp_path_factory.mktemp("releases")
    made = Line(as_, local_aws.endpoint, account, name, role, store, key, folder)
    s3 = made.client("machine", "s3")
    s3.create_bucket(Bucket=store, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=store, VersioningConfiguration={"Status": "Enabled"})
    made.client("machine", "codecommit").create_repository(repositoryName=name)
    made.client("machine", "sagemaker").create_model_package_group(ModelPackageGroupName=name)
    s3.put_object(Bucket=store, Key="training/model.tar.gz", Body=b"a model")
    ssm = made.client("machine", "ssm")
    for parameter in ("subnets", "group"):
        ssm.put_parameter(Name=f"/{name}/{parameter}", Value="subnet-1", Type="String")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", local_aws.endpoint)
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        yield made


@pytest.fixture(scope="module")
def pipelines(line: Line) -> Line:
    """The same, with its two pipelines and the commit that ana pushed."""
    codepipeline = line.client("machine", "codepipeline")
    source = {"name": "Source", "outputArtifacts": [{"name": "Code"}]}
    kind = {"category": "Source", "owner": "AWS", "version": "1"}
    code = {
        **source,
        "actionTypeId": {**kind, "provider": "CodeCommit"},
        "configuration": {
            "RepositoryName": line.model,
            "BranchName": "main",
            "PollForSourceChanges": "false",
        },
    }
    candidates = from_bucket(line.bucket, f"candidates/{line.model}.zip")
    line.commit("ana")
    first = pipeline(line.model, line.role, line.bucket, code)
    first["variables"] = [{"name": "Author", "defaultValue": "-"}]
    codepipeline.create_pipeline(pipeline=first)
    second = pipeline(f"{line.model}-release", line.role, line.bucket, candidates)
    codepipeline.create_pipeline(pipeline=second)
    return line


def from_bucket(bucket: str, key: str) -> dict[str, Any]:
    """The source action of an object."""
    return {
        "name": "Source",
        "outputArtifacts": [{"name": "Code"}],
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        "configuration": {
            "S3Bucket": bucket,
            "S3ObjectKey": key,
            "PollForSourceChanges": "false",
        },
    }


def pushed(line: Line, who: str = "ana", author: str = "Ana", commit: str = "") -> tuple[str, str]:
    """A commit, a new one by default, and the execution that the rule of pushes would start."""
    commit = commit or line.commit(who, author)
    arn = line.client(who, "sts").get_caller_identity()["Arn"]
    execution = line.start(
        "AWS_Events_push",
        line.model,
        variables=[{"name": "Author", "value": arn}],
        sourceRevisions=[
            {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": commit}
        ],
    )
    return commit, execution


def test_another_engineer_approves_and_it_is_on_record(pipelines: Line) -> None:
    line = pipelines
    commit, execution = pushed(line)
    candidate = line.registered(execution, commit)
    assert {"ana", "ana@example.com", "Ana"} <= set(candidate.authors)
    released = line.proposed()
    line.answer("dee", released)
    approved = line.approve(released)
    assert approved.approved_by == "dee"
    version = line.version(candidate)
    told = version["CustomerMetadataProperties"]
    assert version["ModelApprovalStatus"] == "Approved"
    said = version["ApprovalDescription"]
    assert said.startswith("approved by dee at 20")
    assert "looks right, ship it (auc 0.9" in said
    assert told["approved-by"].endswith("/dee")
    assert told["approved-in"] == released
    assert float(told["auc"]) == METRICS["auc"]
    assert told["data"] == "flights@1"
    assert version["ModelLifeCycle"]["StageStatus"] == "Approved"
    assert version["ModelCard"]["ModelCardStatus"] == "Approved"
    card = json.loads(version["ModelCard"]["ModelCardContent"])
    assert card["additional_information"]["custom_details"]["approved_by"].endswith("/dee")
    assert "approved_by" in (line.folder / "out/model-card.md").read_text()
    assert line.approve(released).approved_by == "dee", "a retry finds its own approval"


def waits(line: Line) -> tuple[str, str]:
    """What the step leaves for production's stack: seconds of the canary, and of the old fleet."""
    told = json.loads((line.folder / "out/production.json").read_text())["Parameters"]
    return told["Bake"], told["Keep"]


def test_a_rollback_moves_all_of_the_traffic_at_once(pipelines: Line) -> None:
    line, release = pipelines, f"{pipelines.model}-release"
    commit, execution = pushed(line)
    line.registered(execution, commit)
    released = line.proposed()
    line.answer("dee", released)
    line.approve(released)
    assert waits(line) == ("20", "20")
    back = line.client("machine", "codepipeline").rollback_stage(
        pipelineName=release, stageName="Approval", targetPipelineExecutionId=released
    )["pipelineExecutionId"]
    line.reached(release, back)
    line.answer("finn", back)
    assert line.approve(back).approved_by == "dee", "as it was approved"
    assert waits(line) == ("0", "20"), "the version has served before; the other one stays warm"


def test_nobody_approves_their_own_work(pipelines: Line) -> None:
    line = pipelines
    commit, execution = pushed(line)
    candidate = line.registered(execution, commit)
    released = line.proposed()
    line.answer("ANA", released)
    with pytest.raises(Mistakes, match="ANA approved a model that is their own work"):
        line.approve(released)
    assert line.version(candidate)["ModelApprovalStatus"] == "PendingManualApproval"
    assert not (line.folder / "out/production.json").exists()


def test_who_pushed_stays_an_author_whoever_begins_and_whatever_the_commit_says(
    pipelines: Line,
) -> None:
    line = pipelines
    commit, _ = pushed(line, "ana", author="Somebody")
    began = line.start(
        "dee",
        line.model,
        sourceRevisions=[
            {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": commit}
        ],
    )
    candidate = line.registered(began, commit)
    assert {"ana", "dee", "Somebody"} <= set(candidate.authors)
    for who in ("ana", "dee"):
        released = line.proposed()
        line.answer(who, released)
        with pytest.raises(Mistakes, match="their own work"):
            line.approve(released)
    released = line.proposed()
    line.answer("finn", released)
    assert line.approve(released).approved_by == "finn"


def test_who_wrote_what_is_merged_is_an_author_too(pipelines: Line, tmp_path: Path) -> None:
    line = pipelines
    ana = Person(line.as_("ana"), line.endpoint, tmp_path)
    base, began = pushed(line)
    line.live(line.registered(began, base))
    repository, work = f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos", tmp_path / "work"
    quietly = ("commit", "-q", "--allow-empty", "-m", "Try")
    for command in (
        ("clone", "-q", "-b", "main", f"{repository}/{line.model}", str(work)),
        ("-C", str(work), "checkout", "-q", "-b", "topic"),
        ("-C", str(work), *quietly, "--author", "Dee <dee@example.com>"),
        ("-C", str(work), "checkout", "-q", "main"),
        ("-C", str(work), *quietly),
        ("-C", str(work), "merge", "-q", "--no-ff", "-m", "Merge", "topic"),
        ("-C", str(work), "push", "-q", "origin", "main"),
    ):
        done = ana.run("git", *command)
        assert done.returncode == 0, done.stderr
    merge = ana.run("git", "rev-parse", "HEAD", at=work).stdout.strip()
    commit, execution = pushed(line, commit=merge)
    candidate = line.registered(execution, commit)
    assert {"ana", "dee@example.com"} <= set(candidate.authors)
    assert "Somebody" not in candidate.authors, "main had that one already"
    released = line.proposed()
    line.answer("dee", released)
    with pytest.raises(Mistakes, match="dee approved a model that is their own work"):
        line.approve(released)
    line.live(candidate)


def test_who_pushed_or_wrote_what_is_not_live_yet_stays_an_author(pipelines: Line) -> None:
    """The first of two pushes was of a candidate that nobody released, or that no gate let by."""
    line = pipelines
    pushed(line, "dee", author="Eve")
    commit, execution = pushed(line)
    candidate = line.registered(execution, commit)
    assert {"ana", "dee", "Eve"} <= set(candidate.authors)
    released = line.proposed()
    line.answer("dee", released)
    with pytest.raises(Mistakes, match="dee approved a model that is their own work"):
        line.approve(released)
    line.live(candidate)
    commit, execution = pushed(line)
    assert not {"dee", "Eve"} & set(line.registered(execution, commit).authors)


def test_no_candidate_is_released_over_a_version_behind_the_one_it_was_compared_with(
    pipelines: Line,
) -> None:
    line = pipelines
    commit, execution = pushed(line)
    before = line.registered(execution, commit)
    line.live(before)
    commit, execution = pushed(line, "dee", author="Dee")
    line.live(line.registered(execution, commit))
    commit, execution = pushed(line)
    assert "dee" not in line.registered(execution, commit).authors
    released = line.proposed()
    mark(line.client("machine", "sagemaker"), line.group, before.package, released)
    line.answer("dee", released)
    with pytest.raises(Mistakes, match="since this candidate was compared with"):
        line.approve(released)
    candidate = line.registered(execution, commit)
    assert {"dee", "Dee"} <= set(candidate.authors)
    line.live(candidate)


def test_who_trains_a_build_again_joins_its_authors(pipelines: Line) -> None:
    line = pipelines
    commit, _ = pushed(line)
    shelf = {"Bucket": line.bucket, "Key": f"builds/{line.model}.zip"}
    line.client("machine", "s3").put_object(**shelf, Body=b"a build")
    training = f"{line.model}-training"
    source = from_bucket(line.bucket, shelf["Key"])
    client = line.client("machine", "codepipeline")
    client.create_pipeline(pipeline=pipeline(training, line.role, line.bucket, source))
    began = line.start("dee", training)
    candidate = line.registered(began, commit, pipeline=training)
    assert {"ana", "dee"} <= set(candidate.authors)
    with pytest.raises(Mistakes, match="took in `nothing of it`"):
        line.registered(began, "f" * 40, pipeline=training)


def test_a_wheel_is_published_once(pipelines: Line, tmp_path: Path) -> None:
    line = pipelines
    packages = line.client("machine", "codeartifact")
    packages.create_domain(domain=line.model)
    packages.create_repository(domain=line.model, repository="packages")
    place = {"domain": line.model, "owner": line.account, "repository": "packages"}
    build, wheel = BuildSession(line.as_("machine")), tmp_path / "m-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("m-1.0.0.dist-info/METADATA", "Name: m\nVersion: 1.0.0\n")
    publish_wheel(build, wheel, **place)
    publish_wheel(build, wheel, **place)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("m.py", "evil = True")
    with pytest.raises(Mistakes, match="is published already with other contents"):
        publish_wheel(build, wheel, **place)


def test_a_rejection_is_on_record_with_who_and_why_and_is_the_end(pipelines: Line) -> None:
    line = pipelines
    commit, execution = pushed(line)
    candidate = line.registered(execution, commit)
    released = line.proposed()
    line.answer("dee", released, "Rejected")
    release = f"{line.model}-release"
    assert line.step(reject, release, released) == f"{candidate.package} rejected by dee"
    version = line.version(candidate)
    assert version["ModelApprovalStatus"] == "Rejected"
    assert version["ApprovalDescription"].startswith("rejected by dee at 20")
    assert "looks right, ship it" in version["ApprovalDescription"]
    assert version["CustomerMetadataProperties"]["rejected-by"].endswith("/dee")
    assert version["ModelCard"]["ModelCardStatus"] == "Archived"
    assert line.step(reject, release, released) == f"{candidate.package} stays Rejected"
    again = line.proposed()
    line.answer("finn", again)
    with pytest.raises(Mistakes, match="is Rejected already"):
        line.approve(again)
    assert line.step(reject, release, again).startswith("nobody rejected")


def test_a_build_that_names_another_commit_is_not_registered(pipelines: Line) -> None:
    line = pipelines
    commit, execution = pushed(line)
    with pytest.raises(Mistakes, match="the build says commit"):
        line.registered(execution, "f" * 40)
    assert line.registered(execution, commit).package.startswith("arn:aws:sagemaker:")


def forged(line: Line, change: Callable[[Candidate], Candidate]) -> str:
    """A release of a candidate that was changed after it was registered."""
    commit, execution = pushed(line)
    write_in(line.folder, change(line.registered(execution, commit)))
    released = line.proposed()
    line.answer("dee", released)
    return released


def test_a_candidate_that_was_replaced_is_refused(pipelines: Line) -> None:
    line = pipelines
    for changes, said in (
        (lambda c: replace(c, build=replace(c.build, data="flights@2")), "is `flights@2`"),
        (lambda c: replace(c, package=f"{line.group}-of-others/1"), "is no version of"),
    ):
        released = forged(line, changes)
        with pytest.raises(Mistakes, match=said):
            line.approve(released)
        assert not (line.folder / "out/production.json").exists()


def test_what_was_changed_in_the_registry_or_the_bucket_is_refused(pipelines: Line) -> None:
    line = pipelines
    commit, execution = pushed(line)
    candidate = line.registered(execution, commit)
    released = line.proposed()
    line.answer("dee", released)
    registry = line.client("mallory", "sagemaker")
    place = {"Bucket": line.bucket, "Key": candidate.model_data.partition(f"{line.bucket}/")[2]}

    registry.update_model_package(
        ModelPackageArn=candidate.package, CustomerMetadataProperties={"data": "flights@9"}
    )
    with pytest.raises(Mistakes, match=r"that of .* `flights@9`"):
        line.approve(released)
    registry.update_model_package(
        ModelPackageArn=candidate.package,
        CustomerMetadataProperties={"data": "flights@1"},
        ModelApprovalStatus="Approved",
    )
    with pytest.raises(Mistakes, match=r"is Approved already, by .*/mallory"):
        line.approve(released)
    line.client("machine", "sagemaker").update_model_package(
        ModelPackageArn=candidate.package, ModelApprovalStatus="PendingManualApproval"
    )
    line.client("mallory", "s3").put_object(**place, Body=b"another model")
    with pytest.raises(Mistakes, match="was written again"):
        line.approve(released)
    line.client("machine", "s3").delete_object(
        **place, VersionId=line.client("machine", "s3").head_object(**place)["VersionId"]
    )
    assert line.approve(released).approved_by == "dee"
