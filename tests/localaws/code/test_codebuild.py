"""CodeBuild through its public door: buildspecs that really run."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from code_builder import ROLE, Builder, contexts, statuses
from code_people import REGION, Person, until


def test_commands_share_their_shell_and_its_exports(builder: Builder) -> None:
    name = builder.project(
        """
version: 0.2
env:
  variables: {GREETING: hello, OVERRIDDEN: buildspec}
  exported-variables: [RESULT, MISSING]
phases:
  install:
    commands:
      - mkdir place && cd place
      - export CARRIED="two words"
      - greet() { echo "$GREETING $1"; }
  build:
    commands:
      - basename "$PWD"
      - greet "$CARRIED"
      - |
        RESULT="$(echo multi
        echo line)"
      - echo "succeeding=$CODEBUILD_BUILD_SUCCEEDING by $OVERRIDDEN"
      - python -c 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'
""",
    )
    override = [{"name": "OVERRIDDEN", "value": "caller"}]
    build = builder.run(name, environmentVariablesOverride=override)
    log = builder.log(build)
    assert build["buildStatus"] == "SUCCEEDED", log
    lines = log.splitlines()
    assert "place" in lines
    assert "hello two words" in lines
    assert "succeeding=1 by caller" in lines
    role = builder.role.rpartition("/")[2]
    assert any(f"assumed-role/{role}/AWSCodeBuild-" in line for line in lines)
    exported = {one["name"]: one["value"] for one in build["exportedEnvironmentVariables"]}
    assert exported == {"RESULT": "multi\nline", "MISSING": ""}


def test_a_failed_build_phase_runs_finally_and_post_build(builder: Builder) -> None:
    name = builder.project(
        """
version: 0.2
phases:
  build:
    commands: [echo first, exit 7, echo never]
    finally: [echo tidied]
  post_build:
    commands: ['echo succeeding=$CODEBUILD_BUILD_SUCCEEDING']
""",
    )
    build = builder.run(name)
    lines = builder.log(build).splitlines()
    assert build["buildStatus"] == "FAILED"
    assert "tidied" in lines
    assert "succeeding=0" in lines
    assert "never" not in lines
    phases = statuses(build)
    assert (phases["BUILD"], phases["POST_BUILD"]) == ("FAILED", "SUCCEEDED")
    [context] = next(one for one in build["phases"] if one["phaseType"] == "BUILD")["contexts"]
    assert context["statusCode"] == "COMMAND_EXECUTION_ERROR"
    assert "exit 7. Reason: exit status 7" in context["message"]


def test_a_failed_pre_build_ends_the_build(builder: Builder) -> None:
    name = builder.project(
        "version: 0.2\nphases:\n  pre_build: {commands: ['false']}\n  build: {commands: [echo x]}\n"
    )
    build = builder.run(name)
    assert build["buildStatus"] == "FAILED"
    assert "BUILD" not in statuses(build)


def test_on_failure_continue_goes_on(builder: Builder) -> None:
    name = builder.project(
        "version: 0.2\nphases:\n"
        "  pre_build: {on-failure: CONTINUE, commands: ['false']}\n"
        "  build: {commands: [echo on]}\n"
    )
    build = builder.run(name)
    assert statuses(build)["PRE_BUILD"] == "FAILED"
    assert build["buildStatus"] == "SUCCEEDED"


def test_artifacts_are_zipped_to_s3(
    builder: Builder, person: Person, bucket: Callable[[str], str], unique: Callable[[str], str]
) -> None:
    place = bucket(unique("artifacts"))
    name = builder.project(
        """
version: 0.2
phases:
  build:
    commands:
      - mkdir -p out/deep && echo 1 > out/a.txt && echo 2 > out/deep/b.txt && echo 3 > out/c.log
      - ln -s /etc/passwd out/leak.txt
artifacts:
  base-directory: out
  files: ['**/*']
  exclude-paths: ['*.log']
""",
        artifacts={"type": "S3", "location": place, "name": "out.zip", "packaging": "ZIP"},
    )
    build = builder.run(name)
    assert build["buildStatus"] == "SUCCEEDED", builder.log(build)
    content = person.client("s3").get_object(Bucket=place, Key="out.zip")["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["a.txt", "deep/b.txt"]
    assert build["artifacts"]["location"] == f"arn:aws:s3:::{place}/out.zip"


def test_a_source_in_codecommit_is_cloned(
    builder: Builder, person: Person, unique: Callable[[str], str], tmp_path: Path
) -> None:
    repository = unique("repo")
    commits = person.client("codecommit")
    url = commits.create_repository(repositoryName=repository)["repositoryMetadata"]["cloneUrlHttp"]
    spec = b"version: 0.2\nphases: {build: {commands: [cat word.txt]}}\n"
    commit = commits.create_commit(
        repositoryName=repository,
        branchName="main",
        putFiles=[
            {"filePath": "buildspec.yml", "fileContent": spec},
            {"filePath": "word.txt", "fileContent": b"cloned\n"},
        ],
    )["commitId"]
    name = builder.project("", source={"type": "CODECOMMIT", "location": url})
    build = builder.run(name)
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]
    assert "cloned" in builder.log(build).splitlines()
    assert build["resolvedSourceVersion"] == commit
    file = tmp_path / "secret"
    file.write_text("of the machine")
    build = builder.run(name, sourceVersion=f"--pathspec-from-file={file}")
    assert statuses(build)["DOWNLOAD_SOURCE"] == "FAILED"
    assert "of the machine" not in str(build)


def test_a_damaged_source_fails_the_build(
    builder: Builder, person: Person, bucket: Callable[[str], str], unique: Callable[[str], str]
) -> None:
    place, out = bucket(unique("source")), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("buildspec.yml", "version: 0.2\nphases: {build: {commands: [echo]}}\n")
    content = out.getvalue()
    source = {"type": "S3", "location": f"{place}/code.zip"}
    name = builder.project("", source=source)
    middle = len(b"PK..") + 26 + len("buildspec.yml") + 9
    damaged = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    for body, status in ((content, "SUCCEEDED"), (damaged, "FAILED")):
        person.client("s3").put_object(Bucket=place, Key="code.zip", Body=body)
        build = builder.run(name)
        assert statuses(build)["DOWNLOAD_SOURCE"] == status, contexts(build)
    assert "error while downloading the source: the source" in contexts(build)[0][1]


def test_nothing_of_the_server_leaks_into_a_build(builder: Builder) -> None:
    name = builder.project("version: 0.2\nphases: {build: {commands: [env]}}\n")
    build = builder.run(name)
    names = {
        line.partition("=")[0]
        for line in builder.log(build).splitlines()
        if "=" in line and not line.startswith("[")
    }
    known = {"PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "TMPDIR", "_", "PYTHONPATH"}
    known |= {"PYTHONDONTWRITEBYTECODE"}
    assert {n for n in names - known if not n.startswith(("AWS_", "CODEBUILD_"))} == set()


def test_a_build_can_be_stopped(builder: Builder) -> None:
    name = builder.project("version: 0.2\nphases: {build: {commands: [sleep 600]}}\n")
    build_id = builder.client.start_build(projectName=name)["build"]["id"]

    def running() -> bool:
        build = builder.client.batch_get_builds(ids=[build_id])["builds"][0]
        return bool(build["currentPhase"] == "BUILD")

    until(running)
    builder.client.stop_build(id=build_id)
    assert builder.wait(build_id)["buildStatus"] == "STOPPED"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("version: 0.2\nrun-as: root\nphases: {}\n", "`run-as` is not supported"),
        ("version: 0.2\nphases: {deploy: {}}\n", "unknown key `deploy`"),
        ("version: 0.2\nphases: {build: {commands: [a: b]}}\n", "found subkeys"),
        ("version: 0.3\nphases: {}\n", "version 0.3 is not supported"),
    ],
)
def test_a_wrong_buildspec_fails_with_its_reason(builder: Builder, spec: str, told: str) -> None:
    build = builder.run(builder.project(spec))
    assert build["buildStatus"] == "FAILED"
    contexts = [c for one in build["phases"] for c in one.get("contexts", [])]
    assert any(c["statusCode"] == "YAML_FILE_ERROR" and told in c["message"] for c in contexts)


def test_a_role_that_trusts_nobody_cannot_build(
    builder: Builder, service_role: Callable[..., str], unique: Callable[[str], str]
) -> None:
    role = service_role(unique("other"), ROLE, "sagemaker.amazonaws.com")
    build = builder.run(
        builder.project("version: 0.2\nphases: {build: {commands: [echo x]}}\n", serviceRole=role)
    )
    assert build["buildStatus"] == "FAILED"
    assert "sts:AssumeRole" in json.dumps(build["phases"], default=str)


def test_builds_elsewhere_are_not_those_here(builder: Builder, account: str) -> None:
    name = builder.project("version: 0.2\nphases: {build: {commands: [echo]}}\n")
    here = builder.run(name)["arn"]
    for there in (here.replace(account, "1" * 12), here.replace(REGION, "us-east-1")):
        answer = builder.client.batch_get_builds(ids=[there, here])
        assert answer["buildsNotFound"] == [there]
        assert [one["arn"] for one in answer["builds"]] == [here]
        with pytest.raises(ClientError) as refused:
            builder.client.stop_build(id=there)
        assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_what_its_model_does_not_know_is_refused(builder: Builder) -> None:
    with pytest.raises(ClientError, match="Value 'SIZE' at 'sortBy' failed to satisfy") as refused:
        builder.client.list_projects(sortBy="SIZE")
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert builder.client.list_projects(sortBy="CREATED_TIME")["projects"] is not None
