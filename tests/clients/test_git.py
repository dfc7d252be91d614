"""git over HTTP against CodeCommit: AWS's URLs, AWS's credential helper, nothing of the user's
touched; and pushes that policies of references decide."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.clients_world import Person, World

pytestmark = pytest.mark.xdist_group("clients")

URL = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/clients"
_NAMED = {
    **{f"GIT_{who}_NAME": "Ana" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ana@example.com" for who in ("AUTHOR", "COMMITTER")},
}


@pytest.fixture(scope="module")
def repository(admin: Person) -> str:
    """A repository with one commit on `main`; its ARN."""
    made = admin.aws("codecommit", "create-repository", "--repository-name", "clients")
    admin.aws(
        *("codecommit", "put-file", "--repository-name", "clients", "--branch-name", "main"),
        *("--file-path", "README", "--file-content", "hello", "--name", "Ana"),
    )
    return str(made["repositoryMetadata"]["Arn"])


@pytest.fixture
def git(tmp_path: Path, repository: str) -> Callable[..., str]:
    """Run git as somebody in a clone of the test's own; return what it said."""

    def run(person: Person, *words: str, ok: bool = True) -> str:
        clone = tmp_path / "clone"
        where = clone if clone.exists() else tmp_path
        ended = person.start("git", *words, cwd=where, env=_NAMED, ok=ok)
        assert ok or ended.returncode != 0
        return ended.stdout + ended.stderr

    return run


def _committed(git: Callable[..., str], person: Person, folder: Path, name: str) -> None:
    (folder / "clone" / name).write_text(f"{name}\n")
    git(person, "add", name)
    git(person, "commit", "-q", "-m", f"Add {name}")


def test_a_repository_is_cloned_pushed_to_and_fetched(
    git: Callable[..., str], admin: Person, tmp_path: Path
) -> None:
    git(admin, "clone", "-q", URL, "clone")
    assert (tmp_path / "clone/README").read_text() == "hello"
    git(admin, "checkout", "-q", "-b", "topic")
    _committed(git, admin, tmp_path, "one")
    git(admin, "push", "-q", "-u", "origin", "topic")
    git(admin, "tag", "-a", "v1", "-m", "First")
    git(admin, "push", "-q", "origin", "v1")
    assert "refs/tags/v1" in git(admin, "ls-remote", "--tags", "origin")
    tip = git(admin, "rev-parse", "HEAD").strip()
    branch = admin.aws(
        *("codecommit", "get-branch", "--repository-name", "clients", "--branch-name", "topic"),
    )
    assert branch["branch"]["commitId"] == tip
    admin.aws(
        *("codecommit", "put-file", "--repository-name", "clients", "--branch-name", "topic"),
        *("--file-path", "two", "--file-content", "two", "--parent-commit-id", tip),
    )
    git(admin, "pull", "-q", "--ff-only")
    assert (tmp_path / "clone/two").read_text() == "two"
    git(admin, "push", "-q", "origin", "--delete", "topic", "v1")
    listed = admin.aws("codecommit", "list-branches", "--repository-name", "clients")
    assert listed["branches"] == ["main"]


def test_a_large_push_goes_in_pieces(
    git: Callable[..., str], admin: Person, tmp_path: Path
) -> None:
    git(admin, "clone", "-q", "--depth", "1", URL, "clone")
    git(admin, "checkout", "-q", "-b", "large")
    content = os.urandom(9 << 20)
    (tmp_path / "clone/large").write_bytes(content)
    git(admin, "add", "large")
    git(admin, "commit", "-q", "-m", "Add a large file")
    git(admin, "push", "-q", "origin", "large")
    git(admin, "clone", "-q", "--branch", "large", "--single-branch", URL, "again")
    assert (tmp_path / "clone/again/large").read_bytes() == content
    git(admin, "push", "-q", "origin", ":large")


def test_a_reader_clones_and_is_told_why_no_push_is_taken(
    git: Callable[..., str], reader: Person, repository: str, tmp_path: Path
) -> None:
    git(reader, "clone", "-q", URL, "clone")
    _committed(git, reader, tmp_path, "mine")
    said = git(reader, "push", "origin", "HEAD:refs/heads/mine", ok=False)
    assert f"is not authorized to perform: codecommit:GitPush on resource: {repository}" in said
    assert "because no identity-based policy allows the codecommit:GitPush action" in said
    assert "403" in said


def test_a_branch_is_protected_by_the_references_of_a_push(
    git: Callable[..., str], world: World, admin: Person, repository: str, tmp_path: Path
) -> None:
    author = world.role(
        "workload",
        "author",
        {
            "Effect": "Allow",
            "Action": ["codecommit:GitPull", "codecommit:GitPush"],
            "Resource": repository,
        },
        {
            "Sid": "MainIsProtected",
            "Effect": "Deny",
            "Action": "codecommit:GitPush",
            "Resource": repository,
            "Condition": {
                "StringEqualsIfExists": {"codecommit:References": ["refs/heads/main"]},
                "Null": {"codecommit:References": "false"},
            },
        },
    )
    git(author, "clone", "-q", URL, "clone")
    _committed(git, author, tmp_path, "guarded")
    said = git(author, "push", "origin", "HEAD:main", ok=False)
    assert "is not authorized to perform: codecommit:GitPush on resource: " in said
    assert "with an explicit deny in an identity-based policy" in said
    assert "[remote rejected] HEAD -> main (access denied)" in said
    both = git(author, "push", "origin", "HEAD:main", "HEAD:beside", ok=False)
    assert "explicit deny" in both
    git(author, "push", "-q", "origin", "HEAD:topic")
    listed = admin.aws("codecommit", "list-branches", "--repository-name", "clients")
    assert sorted(listed["branches"]) == ["main", "topic"]
    _committed(git, admin, tmp_path, "allowed")
    git(admin, "push", "-q", "origin", "HEAD:main")


def test_nobody_without_a_session_gets_in(git: Callable[..., str], admin: Person) -> None:
    nobody = Person("", "", {**admin.environment, "AWS_SECRET_ACCESS_KEY": "wrong"}, admin.folder)
    said = git(nobody, "clone", "-q", URL, "clone", ok=False)
    assert "403" in said or "Authentication failed" in said


def test_nothing_of_the_users_is_touched(world: World, admin: Person) -> None:
    for name in (".gitconfig", ".git-credentials", ".config/git", ".netrc", ".aws"):
        assert not (world.home / name).exists()
    assert admin.start("git", "config", "--global", "--list", ok=False).stdout == ""
