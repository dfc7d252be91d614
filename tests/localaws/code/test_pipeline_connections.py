"""Connections and the pipelines on them: who may use one, and which pushes start what."""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow, until
from code_workshop import Workshop, action
from pipeline_lines import Line, approvals

ID = "team/app"


class Host:
    """A folder with a bare repository, and a clone to push from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clone = folder / "clone"
        bare = folder / f"{ID}.git"
        bare.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(bare), at=folder)
        self.git("clone", "--quiet", str(bare), str(self.clone), at=folder)
        self.git("checkout", "-q", "-b", "main")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        people = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com"]
        done = subprocess.run(
            ["git", *people, *arguments],
            cwd=at or self.clone,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def push(self, path: str, ref: str = "main") -> str:
        """Commit a file and push it; return the commit."""
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{file.read_text() if file.exists() else ''}x")
        self.git("add", ".")
        self.git("commit", "-q", "-m", f"change {path}")
        self.git("push", "-q", "origin", f"HEAD:refs/heads/{ref}")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def connect(local_aws: Any) -> Iterator[Callable[[str, Path], None]]:
    """Say which remote a connection leads to, as the user of the machine does."""
    file = local_aws.state / "connections.json"
    before = file.read_text() if file.exists() else None

    def write(name: str, folder: Path) -> None:
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps({**known, name: str(folder)}))

    yield write
    file.unlink(missing_ok=True)
    if before is not None:
        file.write_text(before)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = Host(tmp_path / "host")
    made.push("a.txt")
    return made


def _connection(person: Person, name: str, **more: Any) -> str:
    made = person.client("codeconnections").create_connection(
        ProviderType="GitHub", ConnectionName=name[:32], **more
    )
    return str(made["ConnectionArn"])


def _source(arn: str, **more: str) -> dict[str, Any]:
    return action(
        "Source",
        "CodeStarSourceConnection",
        "Push",
        namespace="Source",
        configuration={
            "ConnectionArn": arn,
            "FullRepositoryId": ID,
            "BranchName": "main",
            **more,
        },
        outputArtifacts=[{"name": "Code"}],
    )


def _grant(workshop: Workshop, resource: str, **conditions: Any) -> None:
    policy = allow("codeconnections:UseConnection", resource=resource, **conditions)
    workshop.person.client("iam").put_role_policy(
        RoleName=workshop.name, PolicyName="use", PolicyDocument=json.dumps(policy)
    )


def _line(workshop: Workshop, arn: str, *pushes: dict[str, Any], **more: Any) -> Line:
    """A pipeline on a connection, whose first execution is through its source."""
    if pushes:
        git = {"sourceActionName": "Push", "push": list(pushes)}
        triggers = [{"providerType": "CodeStarSourceConnection", "gitConfiguration": git}]
        more["triggers"] = triggers
    stages = [{"name": "Source", "actions": [_source(arn)]}, approvals("A")]
    return Line(workshop, committed=True, stages=stages, executionMode="PARALLEL", **more)


def _started(line: Line) -> list[tuple[str, str]]:
    """What pushes started: the ref and the commit, the oldest first."""
    found = []
    for one in reversed(line.executions()):
        if one["trigger"]["triggerType"] == "WebhookV2":
            told = json.loads(one["trigger"]["triggerDetail"])
            found.append((told["ref"].partition("/")[2].partition("/")[2], told["commitId"]))
    return found


def test_a_connection_is_pending_until_it_has_a_remote(
    person: Person, unique: Callable[[str], str], connect: Any, tmp_path: Path
) -> None:
    client, name = person.client("codeconnections"), unique("con")
    arn = _connection(person, name, Tags=[{"Key": "team", "Value": "a"}])
    shown = client.get_connection(ConnectionArn=arn)["Connection"]
    assert shown["ConnectionStatus"] == "PENDING"
    assert (shown["ConnectionName"], shown["ProviderType"]) == (name, "GitHub")
    connect(name, tmp_path)
    assert client.get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"] == "AVAILABLE"
    listed = client.list_connections(ProviderTypeFilter="GitHub")["Connections"]
    assert arn in [one["ConnectionArn"] for one in listed]
    assert not client.list_connections(ProviderTypeFilter="GitLab")["Connections"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    with pytest.raises(ClientError):
        _connection(person, name)
    client.delete_connection(ConnectionArn=arn)
    with pytest.raises(ClientError) as gone:
        client.get_connection(ConnectionArn=arn)
    assert gone.value.response["Error"]["Code"] == "ResourceNotFoundException"
    old = person.client("codestar-connections").create_connection(
        ProviderType="GitLab", ConnectionName=unique("old")
    )["ConnectionArn"]
    assert old.split(":")[2] == "codestar-connections"


def test_only_who_may_passes_a_connection_on(
    workshop: Workshop, someone: Callable[..., Person], connect: Any, host: Host, account: str
) -> None:
    arn = _connection(workshop.person, workshop.name)
    connect(arn, host.folder)
    _grant(workshop, arn)
    names = ("codepipeline:*", "iam:PassRole")
    definition = workshop.definition(approvals("A"))
    definition["stages"][0]["actions"] = [_source(arn)]
    other = someone(f"{workshop.name}-o", allow(*names)).client("codepipeline")
    with pytest.raises(ClientError) as caught:
        other.create_pipeline(pipeline=definition)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert "codeconnections:PassConnection" in caught.value.response["Error"]["Message"]
    policy = allow(*names, "codeconnections:PassConnection")
    keeper = someone(f"{workshop.name}-k", policy).client("codepipeline")
    keeper.create_pipeline(pipeline=definition)


def test_a_role_uses_a_connection_for_the_repositories_it_may(
    workshop: Workshop, connect: Any, host: Host
) -> None:
    arn = _connection(workshop.person, workshop.name)
    connect("*", host.folder)
    line = _line(workshop, arn)
    assert line.over(line.first) == "Failed"
    told = line.actions(line.first)[0]["output"]["executionResult"]["errorDetails"]
    assert told["code"] == "PermissionError"
    assert "UseConnection" in told["message"]
    for repository, ends in (("team/other", "Failed"), (ID, "InProgress")):
        key = {"codeconnections:FullRepositoryId": repository}
        _grant(workshop, arn, Condition={"StringEquals": key})
        execution = workshop.start()
        until(lambda execution=execution: _through(line, execution))
        assert workshop.status(execution) == ends, line.actions(execution)[0]["output"]
    [done] = [one for one in line.actions(execution) if one["actionName"] == "Push"]
    option = f"--output={host.folder}/"
    revision = {"actionName": "Push", "revisionType": "COMMIT_ID", "revisionValue": option}
    refused = workshop.start(sourceRevisions=[revision])
    assert workshop.over(refused) == "Failed"
    assert "^{commit}" not in os.listdir(host.folder)
    variables = done["output"]["outputVariables"]
    assert variables["FullRepositoryName"] == ID
    assert variables["CommitMessage"] == "change a.txt"
    assert variables["CommitId"] == host.git("rev-parse", "HEAD")
    place = done["output"]["outputArtifacts"][0]["s3location"]
    body = workshop.person.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])
    with zipfile.ZipFile(io.BytesIO(body["Body"].read())) as archive:
        assert archive.namelist() == ["a.txt"]


def _through(line: Line, execution: str) -> bool:
    found = {one["actionName"]: one["status"] for one in line.actions(execution)}
    return "A-ok" in found or found.get("Push") == "Failed"


def test_pushes_start_by_branch_path_and_tag(workshop: Workshop, connect: Any, host: Host) -> None:
    arn = _connection(workshop.person, workshop.name)
    connect(workshop.name[:32], host.folder)
    _grant(workshop, arn)
    line = _line(
        workshop,
        arn,
        {
            "branches": {"includes": ["main", "release/**"], "excludes": ["release/old*"]},
            "filePaths": {"includes": ["src/*.py"], "excludes": ["src/test_*"]},
        },
        {"tags": {"includes": ["v[0-9]*"]}},
    )
    until(lambda: _through(line, line.first))
    host.push("docs/readme.md")
    host.push("src/test_a.py")
    host.push("src/deep/a.py")
    host.push("src/a.py", "release/old-one")
    host.push("src/a.py", "feature")
    host.git("tag", "nightly")
    wanted = [
        ("main", host.push("src/a.py")),
        ("release/1/x", host.push("src/b.py", "release/1/x")),
    ]
    host.git("tag", "-a", "v1", "-m", "one")
    host.git("push", "-q", "origin", "--tags")
    wanted.append(("v1", host.git("rev-parse", "HEAD")))
    until(lambda: len(_started(line)) >= 3)
    assert sorted(_started(line)) == sorted(wanted)
    newest = {told[0]: one for told, one in zip(_started(line), _by_push(line), strict=True)}
    until(lambda: _through(line, newest["release/1/x"]))
    [done] = [one for one in line.actions(newest["release/1/x"]) if one["actionName"] == "Push"]
    assert done["output"]["outputVariables"]["BranchName"] == "release/1/x"


def _by_push(line: Line) -> list[str]:
    return [
        one["pipelineExecutionId"]
        for one in reversed(line.executions())
        if one["trigger"]["triggerType"] == "WebhookV2"
    ]


def test_without_triggers_the_branch_of_the_action_starts(
    workshop: Workshop, connect: Any, host: Host
) -> None:
    arn = f"arn:aws:codeconnections:{REGION}:111122223333:connection/abc"
    connect(arn, host.folder)
    _grant(workshop, arn)
    line = _line(workshop, arn)
    until(lambda: _through(line, line.first))
    host.push("a.txt", "other")
    tip = host.push("a.txt")
    until(lambda: _started(line) == [("main", tip)])
