"""Reading over the API: branches, commits, files, folders and differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codecommit.git import BareRepository, TreeEntry
from landrail.localaws.services.codecommit.paths import path_of
from landrail.localaws.services.codecommit.repositories import Repositories

MODES = {"100644": "NORMAL", "100755": "EXECUTABLE", "120000": "SYMLINK"}


class Contents:
    """The operations that read what is in a repository."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "GetBranch": self.get_branch,
            "ListBranches": self.list_branches,
            "GetCommit": self.get_commit,
            "BatchGetCommits": self.batch_get_commits,
            "GetBlob": self.get_blob,
            "GetFile": self.get_file,
            "GetFolder": self.get_folder,
            "GetDifferences": self.get_differences,
        }

    def get_branch(self, call: ApiCall) -> Mapping[str, Any]:
        """Return a branch and its commit."""
        name = str(call.params.get("branchName", ""))
        commit = self._git(call).branch(name)
        if commit is None:
            raise ApiError("BranchDoesNotExistException", f"Branch {name} does not exist")
        return {"branch": {"branchName": name, "commitId": commit}}

    def list_branches(self, call: ApiCall) -> Mapping[str, Any]:
        """List the names of the branches."""
        refs = self._git(call).refs()
        return {"branches": [name[11:] for name in refs if name.startswith("refs/heads/")]}

    def get_commit(self, call: ApiCall) -> Mapping[str, Any]:
        """Return one commit by its full id."""
        return {"commit": _commit(self._git(call), str(call.params["commitId"]))}

    def batch_get_commits(self, call: ApiCall) -> Mapping[str, Any]:
        """Return several commits, with an error for each that is not there."""
        git = self._git(call)
        commits, errors = [], []
        for commit_id in call.params["commitIds"]:
            try:
                commits.append(_commit(git, commit_id))
            except ApiError as error:
                errors.append(
                    {
                        "commitId": commit_id,
                        "errorCode": error.code,
                        "errorMessage": error.message,
                    }
                )
        return {"commits": commits, "errors": errors}

    def get_blob(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the content of a blob by its id."""
        git, blob_id = self._git(call), str(call.params["blobId"])
        if not git.has(blob_id, "blob"):
            raise ApiError("BlobIdDoesNotExistException", f"Blob {blob_id} does not exist")
        return {"content": git.blob(blob_id)}

    def get_file(self, call: ApiCall) -> Mapping[str, Any]:
        """Return a file with its content as of a commit."""
        git = self._git(call)
        commit = self._commit(call, git)
        path = path_of(call.params["filePath"])
        entry = git.entry(commit, path)
        if entry is None or entry.kind != "blob":
            raise ApiError(
                "FileDoesNotExistException", f"The file {path} does not exist in {commit}"
            )
        content = git.blob(entry.object_id)
        return {
            "commitId": commit,
            "blobId": entry.object_id,
            "filePath": path,
            "fileMode": MODES.get(entry.mode, "NORMAL"),
            "fileSize": len(content),
            "fileContent": content,
        }

    def get_folder(self, call: ApiCall) -> Mapping[str, Any]:
        """List a folder as of a commit."""
        git = self._git(call)
        commit = self._commit(call, git)
        asked = str(call.params["folderPath"])
        folder = path_of(asked) if asked.strip("/") else ""
        at = git.entry(commit, folder) if folder else None
        if folder and (at is None or at.kind != "tree"):
            raise ApiError(
                "FolderDoesNotExistException", f"The folder {folder} does not exist in {commit}"
            )
        answer: dict[str, Any] = {
            "commitId": commit,
            "folderPath": folder,
            "treeId": at.object_id if at else git.commit_info(commit).tree_id,
            "subFolders": [],
            "files": [],
            "symbolicLinks": [],
            "subModules": [],
        }
        for entry in git.entries(commit, folder):
            kind, shape = _listed(entry, folder)
            answer[kind].append(shape)
        return answer

    def get_differences(self, call: ApiCall) -> Mapping[str, Any]:
        """List the files that differ between two commits."""
        git = self._git(call)
        before = call.params.get("beforeCommitSpecifier")
        start = self._resolve(git, str(before)) if before else None
        after = self._resolve(git, str(call.params["afterCommitSpecifier"]))
        under = str(call.params.get("afterPath") or call.params.get("beforePath") or "").strip("/")
        shown = []
        for one in git.differences(start, after):
            entry = one.after or one.before
            if entry is None or not (entry.path == under or entry.path.startswith(_inside(under))):
                continue
            shape: dict[str, Any] = {"changeType": "M" if one.status == "T" else one.status}
            if one.before is not None:
                shape["beforeBlob"] = _blob(one.before)
            if one.after is not None:
                shape["afterBlob"] = _blob(one.after)
            shown.append(shape)
        start_at = int(call.params.get("NextToken") or 0)
        size = int(call.params.get("MaxResults") or len(shown) or 1)
        answer: dict[str, Any] = {"differences": shown[start_at : start_at + size]}
        if start_at + size < len(shown):
            answer["NextToken"] = str(start_at + size)
        return answer

    def _git(self, call: ApiCall) -> BareRepository:
        return self._repositories.git(self._repositories.need(call))

    def _commit(self, call: ApiCall, git: BareRepository) -> str:
        return self._resolve(git, str(call.params.get("commitSpecifier") or "HEAD"))

    def _resolve(self, git: BareRepository, specifier: str) -> str:
        commit = git.resolve(specifier)
        if commit is None:
            raise ApiError("CommitDoesNotExistException", f"Commit {specifier} does not exist")
        return commit


def _inside(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _commit(git: BareRepository, commit_id: str) -> dict[str, Any]:
    if not git.has(commit_id, "commit"):
        raise ApiError("CommitIdDoesNotExistException", f"Commit {commit_id} does not exist")
    info = git.commit_info(commit_id)
    keys = ("name", "email", "date")
    return {
        "commitId": info.commit_id,
        "treeId": info.tree_id,
        "parents": list(info.parents),
        "message": info.message,
        "author": dict(zip(keys, info.author, strict=True)),
        "committer": dict(zip(keys, info.committer, strict=True)),
        "additionalData": "",
    }


def _blob(entry: TreeEntry) -> dict[str, str]:
    return {"blobId": entry.object_id, "path": entry.path, "mode": entry.mode}


def _listed(entry: TreeEntry, folder: str) -> tuple[str, dict[str, str]]:
    where = {
        "absolutePath": entry.path,
        "relativePath": entry.path.removeprefix(_inside(folder)),
    }
    if entry.kind == "tree":
        return "subFolders", {"treeId": entry.object_id, **where}
    if entry.kind == "commit":
        return "subModules", {"commitId": entry.object_id, **where}
    kind = "symbolicLinks" if entry.mode == "120000" else "files"
    mode = MODES.get(entry.mode, "NORMAL")
    return kind, {"blobId": entry.object_id, "fileMode": mode, **where}
