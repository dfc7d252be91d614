"""A bare repository seen through the `git` program: refs, trees, blobs, commits.

Knows nothing of AWS. Nothing of the user's own git configuration is read, so that a hook or an
alias of the machine cannot change what the local AWS does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

NO_COMMIT = "0" * 40


class GitError(Exception):
    """What git said when it refused."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One line of a tree: `kind` is blob, tree or commit (a submodule)."""

    mode: str
    kind: str
    object_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed file between two trees; `status` is A, M, D or T."""

    status: str
    before: TreeEntry | None
    after: TreeEntry | None


@dataclass(frozen=True, slots=True)
class CommitInfo:
    """A commit's own data; each person is `(name, e-mail, "SECONDS +0000")`."""

    commit_id: str
    tree_id: str
    parents: tuple[str, ...]
    author: tuple[str, str, str]
    committer: tuple[str, str, str]
    message: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment every git process of the service runs in."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        **(extra or {}),
    }


def good_name(branch: str) -> bool:
    """Say whether git takes a name for a branch."""
    check = [program(), "check-ref-format", f"refs/heads/{branch}"]
    return not subprocess.run(check, env=environment(), check=False).returncode


def program() -> str:
    """Return the path of git; raises GitError where it is not installed."""
    found = shutil.which("git")
    if found is None:
        raise GitError("git is not installed; CodeCommit needs it")
    return found


@dataclass(frozen=True, slots=True)
class BareRepository:
    """One bare repository on disk."""

    path: Path

    def run(
        self, *arguments: str, data: bytes = b"", env: Mapping[str, str] | None = None
    ) -> bytes:
        """Run one git command in the repository; raises GitError with its message."""
        done = subprocess.run(
            [program(), "--git-dir", str(self.path), *arguments],
            input=data,
            capture_output=True,
            env=environment(env),
            check=False,
        )
        if done.returncode != 0:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def text(self, *arguments: str) -> str:
        """Run one git command and return its output as stripped text."""
        return self.run(*arguments).decode("utf-8", "replace").strip()

    def create(self) -> None:
        """Make the repository, empty."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.run("init", "--quiet", "--bare", "--initial-branch=main", str(self.path))
        self.run("config", "http.receivepack", "true")
        self.run("config", "uploadpack.allowReachableSHA1InWant", "true")

    def refs(self) -> dict[str, str]:
        """Return every ref by its full name."""
        out = self.text("for-each-ref", "--format=%(refname) %(objectname)")
        return dict(line.split(" ", 1) for line in out.splitlines())

    def branch(self, name: str) -> str | None:
        """Return the commit of a branch, or None."""
        return self.refs().get(f"refs/heads/{name}")

    def set_ref(self, name: str, commit: str, expected: str | None) -> None:
        """Move a ref from `expected` (None: it must not exist) to a commit, atomically."""
        self.run("update-ref", name, commit, NO_COMMIT if expected is None else expected)

    def delete_ref(self, name: str, expected: str) -> None:
        """Delete a ref that stands at `expected`."""
        self.run("update-ref", "-d", name, expected)

    def head(self, branch: str) -> None:
        """Make a branch the default one."""
        self.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")

    def resolve(self, specifier: str) -> str | None:
        """Return the commit a branch, tag, full ref, HEAD or full commit id names, or None."""
        if specifier.startswith("-"):
            return None
        for name in (specifier, f"refs/heads/{specifier}", f"refs/tags/{specifier}"):
            try:
                return self.text("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
            except GitError:
                continue
        return None

    def commit_info(self, commit: str) -> CommitInfo:
        """Read one commit."""
        form = "%H%x00%T%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"
        out = self.run("show", "-s", "--date=raw", f"--format={form}", commit).decode(
            "utf-8", "replace"
        )
        parts = out.split("\0")
        return CommitInfo(
            commit_id=parts[0],
            tree_id=parts[1],
            parents=tuple(parts[2].split()),
            author=(parts[3], parts[4], parts[5]),
            committer=(parts[6], parts[7], parts[8]),
            message=parts[9].rstrip("\n"),
        )

    def entry(self, commit: str, path: str) -> TreeEntry | None:
        """Return what stands at a path of a commit's tree, or None."""
        found = parse_tree(self.run("ls-tree", "-z", commit, "--", path))
        return found[0] if found else None

    def entries(self, commit: str, folder: str = "") -> list[TreeEntry]:
        """Return the direct children of a folder (empty: the root), with full paths."""
        under = [f"{folder}/"] if folder else []
        return parse_tree(self.run("ls-tree", "-z", commit, "--", *under))

    def has(self, object_id: str, kind: str) -> bool:
        """Return whether a full object id names an object of that kind."""
        if len(object_id) != 40 or not set(object_id) <= set("0123456789abcdef"):
            return False
        try:
            return self.text("cat-file", "-t", object_id) == kind
        except GitError:
            return False

    def blob(self, object_id: str) -> bytes:
        """Return a blob's content."""
        return self.run("cat-file", "blob", object_id)

    def archive(self, commit: str) -> bytes:
        """Return the tree of a commit as a zip."""
        return self.run("archive", "--format=zip", commit)

    def differences(self, before: str | None, after: str) -> list[Difference]:
        """Return the changed files between two commits (None: against an empty tree)."""
        start = before or self.run("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        out = self.run("diff-tree", "-r", "-z", "--raw", "--no-renames", start, after)
        fields = out.decode("utf-8", "replace").split("\0")
        return [_difference(fields[at], fields[at + 1]) for at in range(0, len(fields) - 1, 2)]

    def write_blob(self, content: bytes) -> str:
        """Store a blob and return its id."""
        return self.run("hash-object", "-w", "--stdin", data=content).decode().strip()

    def write_tree(
        self,
        parent: str | None,
        put: Mapping[str, tuple[str, str]],
        delete: Iterable[str],
        index: Path,
    ) -> str:
        """Return the id of the parent's tree with files put (path -> mode, blob) and deleted."""
        env = {"GIT_INDEX_FILE": str(index)}
        if parent is not None:
            self.run("read-tree", parent, env=env)
        lines = [f"0 {NO_COMMIT}\t{path}\0" for path in delete]
        lines += [f"{mode} {blob}\t{path}\0" for path, (mode, blob) in put.items()]
        self.run("update-index", "-z", "--index-info", data="".join(lines).encode(), env=env)
        return self.run("write-tree", env=env).decode().strip()

    def write_commit(
        self, tree: str, parents: Iterable[str], message: str, person: tuple[str, str]
    ) -> str:
        """Store a commit and return its id."""
        env = {
            "GIT_AUTHOR_NAME": person[0],
            "GIT_AUTHOR_EMAIL": person[1],
            "GIT_COMMITTER_NAME": person[0],
            "GIT_COMMITTER_EMAIL": person[1],
        }
        arguments = [word for parent in parents for word in ("-p", parent)]
        out = self.run("commit-tree", tree, *arguments, data=message.encode(), env=env)
        return out.decode().strip()


def parse_tree(output: bytes) -> list[TreeEntry]:
    """Parse the output of `ls-tree -z`."""
    entries = []
    for line in output.decode("utf-8", "replace").split("\0"):
        if line:
            head, path = line.split("\t", 1)
            mode, kind, object_id = head.split()
            entries.append(TreeEntry(mode, kind, object_id, path))
    return entries


def _difference(raw: str, path: str) -> Difference:
    before_mode, after_mode, before, after, status = raw.lstrip(":").split()
    return Difference(
        status=status[0],
        before=None if status == "A" else TreeEntry(before_mode, "blob", before, path),
        after=None if status == "D" else TreeEntry(after_mode, "blob", after, path),
    )
