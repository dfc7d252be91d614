"""Repository records: names, ARNs, clone URLs, tags; each has a bare git repository on disk."""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.codecommit.git import BareRepository
from landrail.localaws.store import Tables

NAME = re.compile(r"[\w.-]{1,100}")
FOLDER = "codecommit"
Record = dict[str, Any]


class Repositories:
    """The repositories of all accounts and the operations on their records."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self.platform = platform
        self._table = tables.table("codecommit.repositories")

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateRepository": self.create,
            "GetRepository": self.get,
            "BatchGetRepositories": self.batch_get,
            "ListRepositories": self.list,
            "DeleteRepository": self.delete,
            "UpdateRepositoryDescription": self.describe,
            "UpdateRepositoryName": self.rename,
            "UpdateDefaultBranch": self.default_branch,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }

    def find(self, account: str, region: str, name: str) -> Record | None:
        """Return a repository's record, or None."""
        record: Record | None = self._table.get(account, region, name)
        return record

    def need(self, call: ApiCall) -> Record:
        """Return the record `repositoryName` names; raises RepositoryDoesNotExistException."""
        name = str(call.params.get("repositoryName", ""))
        record = self.find(call.account, call.region, _valid(name))
        if record is None:
            raise ApiError("RepositoryDoesNotExistException", f"{name} does not exist")
        return record

    def regions(self, account: str, name: str) -> list[str]:
        """Return the regions in which an account has a repository of that name."""
        return [key[1] for key, record in self._table.scan(account) if record["name"] == name]

    def git(self, record: Record) -> BareRepository:
        """Return the git repository behind a record."""
        return BareRepository(self.platform.state / FOLDER / f"{record['id']}.git")

    def touch(self, record: Record) -> None:
        """Note that a repository has changed."""
        self._save({**record, "modified": time.time()})

    def set_default(self, record: Record, branch: str) -> None:
        """Make a branch the default."""
        self.git(record).head(branch)
        self._save({**record, "default_branch": branch, "modified": time.time()})

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a repository with its empty git repository."""
        name = _valid(str(call.params["repositoryName"]))
        if self.find(call.account, call.region, name) is not None:
            raise ApiError(
                "RepositoryNameExistsException",
                f"Repository named {name} already exists",
            )
        now = time.time()
        record: Record = {
            "id": str(uuid.uuid4()),
            "name": name,
            "account": call.account,
            "region": call.region,
            "arn": f"arn:aws:codecommit:{call.region}:{call.account}:{name}",
            "description": call.params.get("repositoryDescription"),
            "key": call.params.get("kmsKeyId"),
            "tags": dict(call.params.get("tags") or {}),
            "default_branch": None,
            "created": now,
            "modified": now,
        }
        self.git(record).create()
        self._save(record)
        return {"repositoryMetadata": metadata(record)}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe one repository."""
        return {"repositoryMetadata": metadata(self.need(call))}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several repositories, naming those that are not there."""
        names = list(call.params["repositoryNames"])
        found = {name: self.find(call.account, call.region, name) for name in names}
        return {
            "repositories": [metadata(record) for record in found.values() if record],
            "repositoriesNotFound": [name for name, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the repositories of the account and region."""
        by = "modified" if call.params.get("sortBy") == "lastModifiedDate" else "name"
        records = [record for _, record in self._table.scan(call.account, call.region)]
        records.sort(key=lambda one: one[by], reverse=call.params.get("order") == "descending")
        return {
            "repositories": [
                {"repositoryName": one["name"], "repositoryId": one["id"]} for one in records
            ]
        }

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a repository; one that is not there answers without an id, as on AWS."""
        name = _valid(str(call.params["repositoryName"]))
        record = self.find(call.account, call.region, name)
        if record is None:
            return {}
        self._table.delete(call.account, call.region, name)
        path = self.git(record).path
        if path.exists():
            shutil.rmtree(path)
        return {"repositoryId": record["id"]}

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Change the description."""
        record = self.need(call)
        self._save({**record, "description": call.params.get("repositoryDescription")})
        return {}

    def rename(self, call: ApiCall) -> Mapping[str, Any]:
        """Change the name, and with it the ARN and clone URL."""
        old, new = _valid(str(call.params["oldName"])), _valid(str(call.params["newName"]))
        record = self.find(call.account, call.region, old)
        if record is None:
            raise ApiError("RepositoryDoesNotExistException", f"{old} does not exist")
        if self.find(call.account, call.region, new) is not None:
            raise ApiError(
                "RepositoryNameExistsException", f"Repository named {new} already exists"
            )
        arn = f"arn:aws:codecommit:{call.region}:{call.account}:{new}"
        self._save({**record, "name": new, "arn": arn, "modified": time.time()})
        self._table.delete(call.account, call.region, old)
        return {}

    def default_branch(self, call: ApiCall) -> Mapping[str, Any]:
        """Choose the branch that a clone checks out."""
        record = self.need(call)
        branch = str(call.params["defaultBranchName"])
        if self.git(record).branch(branch) is None:
            raise ApiError("BranchDoesNotExistException", f"Branch {branch} does not exist")
        self.set_default(record, branch)
        return {}

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Set tags on the repository of an ARN."""
        record = self._by_arn(call)
        self._save({**record, "tags": {**record["tags"], **call.params["tags"]}})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove tags from the repository of an ARN."""
        record = self._by_arn(call)
        gone = set(call.params["tagKeys"])
        self._save({**record, "tags": {k: v for k, v in record["tags"].items() if k not in gone}})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """List the tags of the repository of an ARN."""
        return {"tags": self._by_arn(call)["tags"]}

    def _by_arn(self, call: ApiCall) -> Record:
        arn = str(call.params["resourceArn"])
        parts = arn.split(":")
        if len(parts) != 6 or parts[2] != "codecommit":
            raise ApiError("InvalidResourceArnException", f"{arn} is not a valid resource ARN")
        record = self.find(parts[4], parts[3], parts[5])
        if record is None or parts[4] != call.account:
            raise ApiError("RepositoryDoesNotExistException", f"{parts[5]} does not exist")
        return record

    def _save(self, record: Record) -> None:
        self._table.put(record["account"], record["region"], record["name"], value=record)


def metadata(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `RepositoryMetadata`."""
    host = f"git-codecommit.{record['region']}.amazonaws.com"
    shape = {
        "accountId": record["account"],
        "repositoryId": record["id"],
        "repositoryName": record["name"],
        "repositoryDescription": record["description"],
        "defaultBranch": record["default_branch"],
        "lastModifiedDate": datetime.fromtimestamp(record["modified"], UTC),
        "creationDate": datetime.fromtimestamp(record["created"], UTC),
        "cloneUrlHttp": f"https://{host}/v1/repos/{record['name']}",
        "cloneUrlSsh": f"ssh://{host}/v1/repos/{record['name']}",
        "Arn": record["arn"],
        "kmsKeyId": record["key"],
    }
    return {name: value for name, value in shape.items() if value is not None}


def _valid(name: str) -> str:
    if not NAME.fullmatch(name) or name.endswith(".git"):
        raise ApiError(
            "InvalidRepositoryNameException",
            f"The repository name {name!r} is not valid: 1 to 100 letters, digits, `.`, `_`, `-`, "
            "and not ending in `.git`",
        )
    return name
