"""Writing over the API: branches made and deleted, commits and single files put."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Operation
from landrail.localaws.services.codecommit import events
from landrail.localaws.services.codecommit.git import NO_COMMIT, BareRepository, GitError, good_name
from landrail.localaws.services.codecommit.paths import path_of
from landrail.localaws.services.codecommit.repositories import Record, Repositories

MODES = {"NORMAL": "100644", "EXECUTABLE": "100755", "SYMLINK": "120000"}
Files = dict[str, tuple[str, str]]


class Changes:
    """The operations that change what is in a repository, each with its event."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateBranch": self.create_branch,
            "DeleteBranch": self.delete_branch,
            "CreateCommit": self.create_commit,
            "PutFile": self.put_file,
            "DeleteFile": self.delete_file,
        }

    def moved(self, caller: Caller, record: Record, ref: str, old: str, new: str) -> None:
        """Tell the world that a ref moved, and take the first branch as the default one."""
        if record["default_branch"] is None and new != NO_COMMIT and ref.startswith("refs/heads/"):
            self._repositories.set_default(record, ref[11:])
        else:
            self._repositories.touch(record)
        detail = events.reference_change(record, ref, old, new, caller)
        events.publish(self._repositories.platform, record, detail)

    def create_branch(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a branch at a commit."""
        record = self._repositories.need(call)
        git, branch = self._repositories.git(record), str(call.params["branchName"])
        commit = str(call.params["commitId"])
        _good(branch)
        if not git.has(commit, "commit"):
            raise ApiError("CommitDoesNotExistException", f"Commit {commit} does not exist")
        if git.branch(branch) is not None:
            raise ApiError("BranchNameExistsException", f"Branch {branch} already exists")
        _move(git, branch, None, commit)
        self.moved(call.caller, record, f"refs/heads/{branch}", NO_COMMIT, commit)
        return {}

    def delete_branch(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a branch that is not the default one."""
        record = self._repositories.need(call)
        git, branch = self._repositories.git(record), str(call.params["branchName"])
        commit = git.branch(branch)
        if commit is None:
            return {}
        if record["default_branch"] == branch:
            raise ApiError(
                "DefaultBranchCannotBeDeletedException",
                f"The branch {branch} is the default branch and cannot be deleted",
            )
        git.delete_ref(f"refs/heads/{branch}", commit)
        self.moved(call.caller, record, f"refs/heads/{branch}", commit, NO_COMMIT)
        return {"deletedBranch": {"branchName": branch, "commitId": commit}}

    def create_commit(self, call: ApiCall) -> Mapping[str, Any]:
        """Commit files put and deleted on a branch."""
        record = self._repositories.need(call)
        git, params = self._repositories.git(record), call.params
        parent = _parent(git, params)
        put = _put_files(git, parent, params)
        gone = [path_of(one["filePath"]) for one in params.get("deleteFiles") or []]
        gone += [
            path_of(one["sourceFile"]["filePath"])
            for one in params.get("putFiles") or []
            if (one.get("sourceFile") or {}).get("isMove")
        ]
        if not put and not gone:
            raise ApiError(
                "FileEntryRequiredException", "A commit must put, delete or change a file"
            )
        before = {path: _existing(git, parent, path) for path in [*put, *gone]}
        for path in gone:
            if before[path] is None:
                raise ApiError("FileDoesNotExistException", f"The file {path} does not exist")
        person = (str(params.get("authorName") or _name(call)), str(params.get("email") or ""))
        message = str(params.get("commitMessage") or "")
        commit, tree = self._commit(call, record, parent, put, gone, person, message)
        shapes = {path: _file_shape(path, *one) for path, one in put.items()}
        return {
            "commitId": commit,
            "treeId": tree,
            "filesAdded": [shapes[path] for path in put if before[path] is None],
            "filesUpdated": [shapes[path] for path in put if before[path] is not None],
            "filesDeleted": [
                _file_shape(path, *found) for path in gone if (found := before[path]) is not None
            ],
        }

    def put_file(self, call: ApiCall) -> Mapping[str, Any]:
        """Commit one file."""
        record = self._repositories.need(call)
        git, params = self._repositories.git(record), call.params
        parent = _parent(git, params)
        path = path_of(params["filePath"])
        mode = MODES[str(params.get("fileMode") or "NORMAL")]
        blob = git.write_blob(bytes(params["fileContent"]))
        if _existing(git, parent, path) == (mode, blob):
            raise ApiError(
                "SameFileContentException", f"The content of {path} is the same as in the branch"
            )
        person = (str(params.get("name") or _name(call)), str(params.get("email") or ""))
        message = str(params.get("commitMessage") or f"Added {path}")
        files = {path: (mode, blob)}
        commit, tree = self._commit(call, record, parent, files, [], person, message)
        return {"commitId": commit, "blobId": blob, "treeId": tree}

    def delete_file(self, call: ApiCall) -> Mapping[str, Any]:
        """Commit the deletion of one file."""
        record = self._repositories.need(call)
        git, params = self._repositories.git(record), call.params
        parent = _parent(git, params)
        path = path_of(params["filePath"])
        found = _existing(git, parent, path)
        if found is None:
            raise ApiError("FileDoesNotExistException", f"The file {path} does not exist")
        person = (str(params.get("name") or _name(call)), str(params.get("email") or ""))
        message = str(params.get("commitMessage") or f"Deleted {path}")
        commit, tree = self._commit(call, record, parent, {}, [path], person, message)
        return {"commitId": commit, "blobId": found[1], "treeId": tree, "filePath": path}

    def _commit(
        self,
        call: ApiCall,
        record: Record,
        parent: str | None,
        put: Files,
        gone: list[str],
        person: tuple[str, str],
        message: str,
    ) -> tuple[str, str]:
        git, branch = self._repositories.git(record), str(call.params["branchName"])
        with tempfile.TemporaryDirectory() as folder:
            tree = git.write_tree(parent, put, gone, Path(folder) / "index")
        if parent is not None and git.commit_info(parent).tree_id == tree:
            raise ApiError(
                "NoChangeException", "The commit makes no change to the content of the branch"
            )
        commit = git.write_commit(tree, [parent] if parent else [], message, person)
        _move(git, branch, parent, commit)
        self.moved(call.caller, record, f"refs/heads/{branch}", parent or NO_COMMIT, commit)
        return commit, tree


def _parent(git: BareRepository, params: Mapping[str, Any]) -> str | None:
    branch, given = str(params["branchName"]), params.get("parentCommitId")
    _good(branch)
    tip = git.branch(branch)
    if tip is None and git.refs() and given is None:
        raise ApiError("BranchDoesNotExistException", f"Branch {branch} does not exist")
    if tip is not None and given is None:
        raise ApiError(
            "ParentCommitIdRequiredException",
            f"A parent commit ID is required: branch {branch} is at {tip}",
        )
    if given is not None and given != tip:
        raise ApiError(
            "ParentCommitIdOutdatedException",
            f"The parent commit {given} is not the tip of branch {branch}",
        )
    return tip


def _put_files(git: BareRepository, parent: str | None, params: Mapping[str, Any]) -> Files:
    files: Files = {}
    for one in params.get("putFiles") or []:
        path = path_of(one["filePath"])
        source = one.get("sourceFile")
        if source is not None:
            found = _existing(git, parent, path_of(source["filePath"]))
            if found is None:
                raise ApiError(
                    "FileDoesNotExistException", f"The file {source['filePath']} does not exist"
                )
            mode = MODES[one["fileMode"]] if one.get("fileMode") else found[0]
            files[path] = (mode, found[1])
            continue
        mode = MODES[str(one.get("fileMode") or "NORMAL")]
        files[path] = (mode, git.write_blob(bytes(one.get("fileContent") or b"")))
    for one in params.get("setFileModes") or []:
        path = path_of(one["filePath"])
        found = _existing(git, parent, path)
        if found is None:
            raise ApiError("FileDoesNotExistException", f"The file {path} does not exist")
        files[path] = (MODES[str(one["fileMode"])], found[1])
    return files


def _existing(git: BareRepository, parent: str | None, path: str) -> tuple[str, str] | None:
    entry = git.entry(parent, path) if parent else None
    return (entry.mode, entry.object_id) if entry and entry.kind == "blob" else None


def _good(branch: str) -> None:
    if not good_name(branch):
        message = f"The branch name {branch!r} is not valid"
        raise ApiError("InvalidBranchNameException", message)


def _move(git: BareRepository, branch: str, old: str | None, new: str) -> None:
    try:
        git.set_ref(f"refs/heads/{branch}", new, old)
    except GitError as refused:
        raise ApiError("ConcurrentReferenceUpdateException", str(refused)) from refused


def _name(call: ApiCall) -> str:
    return call.caller.arn.rsplit("/", 1)[-1]


def _file_shape(path: str, mode: str, blob: str) -> dict[str, str]:
    names = {number: name for name, number in MODES.items()}
    return {"absolutePath": path, "blobId": blob, "fileMode": names.get(mode, "NORMAL")}
