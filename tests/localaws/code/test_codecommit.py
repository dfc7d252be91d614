"""CodeCommit through its public doors: boto3 and git."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow


def _url(name: str) -> str:
    return f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/{name}"


def _repository(person: Person, name: str) -> Any:
    client = person.client("codecommit")
    client.create_repository(repositoryName=name)
    return client


def _commit(person: Person, name: str, *, branch: str = "main") -> str:
    """Clone, commit and push one file; the new commit's id."""
    cloned = person.run("git", "clone", "-q", _url(name), name)
    assert cloned.returncode == 0, cloned.stderr
    folder = person.home / name
    (folder / "hello.txt").write_text("hello\n")
    for command in (
        ["git", "checkout", "-q", "-b", branch],
        ["git", "add", "."],
        ["git", "commit", "-q", "-m", "Say hello"],
    ):
        done = person.run(*command, at=folder)
        assert done.returncode == 0, done.stderr
    return person.run("git", "rev-parse", "HEAD", at=folder).stdout.strip()


def test_a_push_arrives_and_can_be_read_back(person: Person, unique: Callable[[str], str]) -> None:
    name = unique("repo")
    client = _repository(person, name)
    commit = _commit(person, name)
    pushed = person.run("git", "push", "-q", "origin", "main", at=person.home / name)
    assert pushed.returncode == 0, pushed.stderr

    assert client.get_branch(repositoryName=name, branchName="main")["branch"]["commitId"] == commit
    file = client.get_file(repositoryName=name, filePath="hello.txt")
    assert (file["fileContent"], file["commitId"]) == (b"hello\n", commit)
    shown = client.get_repository(repositoryName=name)["repositoryMetadata"]
    assert shown["defaultBranch"] == "main"
    assert shown["cloneUrlHttp"] == _url(name)
    info = client.get_commit(repositoryName=name, commitId=commit)["commit"]
    assert (info["message"], info["author"]["name"]) == ("Say hello", "Ana")

    again = person.run("git", "clone", "-q", _url(name), "again")
    assert again.returncode == 0, again.stderr
    assert (person.home / "again" / "hello.txt").read_text() == "hello\n"


def test_a_large_push_comes_through(person: Person, unique: Callable[[str], str]) -> None:
    name = unique("large")
    client = _repository(person, name)
    _commit(person, name)
    folder = person.home / name
    noise = b"".join(i.to_bytes(4, "big") * 5 for i in range(150_000))
    (folder / "noise.bin").write_bytes(noise)
    person.run("git", "add", ".", at=folder)
    person.run("git", "commit", "-q", "-m", "Add noise", at=folder)
    pushed = person.run("git", "push", "-q", "origin", "main", at=folder)
    assert pushed.returncode == 0, pushed.stderr
    assert client.get_file(repositoryName=name, filePath="noise.bin")["fileContent"] == noise


def test_who_may_only_pull_cannot_push(
    person: Person, someone: Callable[..., Person], unique: Callable[[str], str]
) -> None:
    name = unique("repo")
    _repository(person, name)
    reader = someone(unique("reader"), allow("codecommit:GitPull"))
    _commit(reader, name)
    refused = reader.run("git", "push", "-q", "origin", "main", at=reader.home / name)
    assert refused.returncode != 0
    assert "403" in refused.stderr


def test_a_push_is_decided_by_the_refs_it_moves(
    person: Person, someone: Callable[..., Person], unique: Callable[[str], str]
) -> None:
    name = unique("repo")
    _repository(person, name)
    policy = allow("codecommit:GitPull", "codecommit:GitPush")
    policy["Statement"].append(
        {
            "Effect": "Deny",
            "Action": "codecommit:GitPush",
            "Resource": "*",
            "Condition": {
                "StringEqualsIfExists": {"codecommit:References": ["refs/heads/main"]},
                "Null": {"codecommit:References": "false"},
            },
        }
    )
    writer = someone(unique("writer"), policy)
    _commit(writer, name)
    folder = writer.home / name
    refused = writer.run("git", "push", "-q", "origin", "main", at=folder)
    assert refused.returncode != 0
    assert "access denied" in refused.stderr
    allowed = writer.run("git", "push", "-q", "origin", "main:topic", at=folder)
    assert allowed.returncode == 0, allowed.stderr


def test_a_wrong_secret_is_refused(person: Person, unique: Callable[[str], str]) -> None:
    name = unique("repo")
    _repository(person, name)
    wrong = {**person.environment(), "AWS_SECRET_ACCESS_KEY": "x" * 40}
    person.environment = lambda: wrong  # type: ignore[method-assign]  # another clone
    assert person.run("git", "ls-remote", _url(name)).returncode != 0


def test_commits_over_the_api(person: Person, unique: Callable[[str], str]) -> None:
    name = unique("repo")
    client = _repository(person, name)
    first = client.create_commit(
        repositoryName=name,
        branchName="main",
        putFiles=[{"filePath": "a/b.txt", "fileContent": b"one"}],
        commitMessage="one",
    )
    assert [one["absolutePath"] for one in first["filesAdded"]] == ["a/b.txt"]
    second = client.put_file(
        repositoryName=name,
        branchName="main",
        fileContent=b"two",
        filePath="c.txt",
        parentCommitId=first["commitId"],
    )
    differences = client.get_differences(
        repositoryName=name,
        beforeCommitSpecifier=first["commitId"],
        afterCommitSpecifier=second["commitId"],
    )["differences"]
    assert [(one["changeType"], one["afterBlob"]["path"]) for one in differences] == [
        ("A", "c.txt")
    ]
    folder = client.get_folder(repositoryName=name, folderPath="/")
    assert [one["absolutePath"] for one in folder["files"]] == ["c.txt"]
    assert [one["absolutePath"] for one in folder["subFolders"]] == ["a"]
    with pytest.raises(ClientError) as caught:
        client.put_file(
            repositoryName=name,
            branchName="main",
            fileContent=b"three",
            filePath="c.txt",
            parentCommitId=first["commitId"],
        )
    assert caught.value.response["Error"]["Code"] == "ParentCommitIdOutdatedException"


def test_names_that_git_does_not_take_are_refused(
    person: Person, unique: Callable[[str], str]
) -> None:
    client, name = person.client("codecommit"), unique("repo")
    client.create_repository(repositoryName=name)
    file = {"filePath": "a.txt", "fileContent": b"x"}
    first = {"repositoryName": name, "branchName": "main", "putFiles": [file]}
    commit = client.create_commit(**first)["commitId"]
    wrong = [{**first, "putFiles": [{**file, "filePath": one}]} for one in ("../a", "a/.git/b")]
    for more, code in (
        *((one, "InvalidPathException") for one in wrong),
        ({**first, "branchName": "../x"}, "InvalidBranchNameException"),
    ):
        with pytest.raises(ClientError) as refused:
            client.create_commit(**{**more, "parentCommitId": commit})
        assert refused.value.response["Error"]["Code"] == code
    with pytest.raises(ClientError) as refused:
        client.create_branch(repositoryName=name, branchName="a..b", commitId=commit)
    assert refused.value.response["Error"]["Code"] == "InvalidBranchNameException"
    client.create_branch(repositoryName=name, branchName="a.b", commitId=commit)


def test_repositories_have_names_of_their_own(person: Person, unique: Callable[[str], str]) -> None:
    name = unique("repo")
    client = _repository(person, name)
    with pytest.raises(client.exceptions.RepositoryNameExistsException):
        client.create_repository(repositoryName=name)
    assert name in [one["repositoryName"] for one in client.list_repositories()["repositories"]]
    client.delete_repository(repositoryName=name)
    with pytest.raises(client.exceptions.RepositoryDoesNotExistException):
        client.get_repository(repositoryName=name)
