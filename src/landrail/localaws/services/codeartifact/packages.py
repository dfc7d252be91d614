"""Packages and their versions: kept as assets by sha256, found through upstreams."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codeartifact.repositories import Repositories
from landrail.localaws.store import Blobs, Tables

FORMAT = "pypi"
STATUSES = ("Published", "Unlisted", "Archived")
Record = dict[str, Any]
Change = Callable[[Record], str]


class Packages:
    """The packages of all repositories."""

    def __init__(self, tables: Tables, blobs: Blobs, repositories: Repositories) -> None:
        self.blobs = blobs
        self._tables = tables
        self._table = tables.table("codeartifact.packages")
        self._repositories = repositories

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "ListPackages": self.list,
            "DescribePackage": self.describe,
            "DeletePackage": self.delete,
            "ListPackageVersions": self.list_versions,
            "DescribePackageVersion": self.describe_version,
            "DeletePackageVersions": self.delete_versions,
            "UpdatePackageVersionsStatus": self.update_status,
            "ListPackageVersionAssets": self.list_assets,
            "GetPackageVersionAsset": self.get_asset,
        }

    def names(self, repository: Record) -> list[str]:
        """Return the names of the packages a repository offers, upstreams included."""
        found = {
            key[4]
            for one in self._repositories.chain(repository)
            for key, _ in self._table.scan(*_where(one))
        }
        return sorted(found)

    def versions(self, repository: Record, name: str, upstream: bool = True) -> list[Record]:
        """Return the versions of a package, oldest first; the nearest repository's wins."""
        found: dict[str, Record] = {}
        chain = self._repositories.chain(repository) if upstream else [repository]
        for one in chain:
            for key, record in self._table.scan(*_where(one), normal(name)):
                found.setdefault(key[5], record)
        return sorted(found.values(), key=lambda one: one["published"])

    def publish(
        self, repository: Record, metadata: Mapping[str, str], filename: str, content: bytes
    ) -> Record:
        """Add a file to a version; raises ApiError for a second file of that name."""
        name, version = normal(metadata["name"]), metadata["version"]
        digest = hashlib.sha256(content).hexdigest()
        said = metadata.get("sha256_digest")
        if said and said != digest:
            raise ApiError("ValidationException", "The sha256 digest is not that of the file.")
        self.blobs.put(content)
        with self._tables.exclusive():
            record: Record = self._table.get(*_where(repository), name, version) or {
                "name": name,
                "version": version,
                "revision": uuid.uuid4().hex,
                "status": "Published",
                "published": time.time(),
                "summary": metadata.get("summary", ""),
                "homepage": metadata.get("home_page", ""),
                "requires_python": metadata.get("requires_python", ""),
                "assets": {},
            }
            if record["status"] not in ("Published", "Unlisted"):
                raise ApiError("ConflictException", f"{name} {version} is {record['status']}.", 409)
            if filename in record["assets"]:
                raise ApiError(
                    "ConflictException",
                    f"Package version conflict. {filename} of {name} {version} already exists.",
                    409,
                )
            record["assets"][filename] = {
                "sha256": digest,
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
                "size": len(content),
            }
            self._table.put(*_where(repository), name, version, value=record)
        return record

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the packages a repository holds itself."""
        repository = self._repositories.need(call)
        if call.params.get("format") not in (None, FORMAT):
            return {"packages": []}
        prefix = str(call.params.get("packagePrefix") or "")
        names = sorted({key[4] for key, _ in self._table.scan(*_where(repository))})
        return {"packages": [_package(name) for name in names if name.startswith(prefix)]}

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe a package."""
        name = self._some(call)[0]["name"]
        origin = {"restrictions": {"publish": "ALLOW", "upstream": "BLOCK"}}
        return {"package": {"format": FORMAT, "name": name, "originConfiguration": origin}}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a package with all versions."""
        repository, name = self._repositories.need(call), self._some(call)[0]["name"]
        for key, _ in list(self._table.scan(*_where(repository), name)):
            self._table.delete(*key)
        return {"deletedPackage": _package(name)}

    def list_versions(self, call: ApiCall) -> Mapping[str, Any]:
        """List the versions of a package, the newest first."""
        records = self._some(call)
        status = call.params.get("status")
        return {
            "format": FORMAT,
            "package": records[0]["name"],
            "defaultDisplayVersion": records[-1]["version"],
            "versions": [
                {
                    "version": one["version"],
                    "revision": one["revision"],
                    "status": one["status"],
                    "origin": {"originType": "INTERNAL"},
                }
                for one in reversed(records)
                if status in (None, one["status"])
            ],
        }

    def describe_version(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe one version."""
        record = self._version(call)
        return {
            "packageVersion": {
                "format": FORMAT,
                "packageName": record["name"],
                "displayName": record["name"],
                "version": record["version"],
                "summary": record["summary"],
                "homePage": record["homepage"],
                "publishedTime": datetime.fromtimestamp(record["published"], UTC),
                "revision": record["revision"],
                "status": record["status"],
                "origin": {"originType": "INTERNAL"},
            }
        }

    def delete_versions(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete versions, with an error for each that is not there."""
        repository = self._repositories.need(call)
        name = normal(str(call.params["package"]))

        def delete(record: Record) -> str:
            self._table.delete(*_where(repository), name, record["version"])
            return "Deleted"

        return self._each(call, delete)

    def update_status(self, call: ApiCall) -> Mapping[str, Any]:
        """Change the status of versions."""
        repository = self._repositories.need(call)
        status = str(call.params["targetStatus"])
        if status not in STATUSES:
            raise ApiError(
                "ValidationException",
                f"targetStatus {status} is not supported by the local AWS: {', '.join(STATUSES)}",
            )

        def update(record: Record) -> str:
            where = (*_where(repository), record["name"], record["version"])
            self._table.put(*where, value={**record, "status": status})
            return status

        return self._each(call, update)

    def list_assets(self, call: ApiCall) -> Mapping[str, Any]:
        """List the files of a version."""
        record = self._version(call)
        return {
            "format": FORMAT,
            "package": record["name"],
            "version": record["version"],
            "versionRevision": record["revision"],
            "assets": [
                {
                    "name": name,
                    "size": asset["size"],
                    "hashes": {"SHA-256": asset["sha256"], "MD5": asset["md5"]},
                }
                for name, asset in record["assets"].items()
            ],
        }

    def get_asset(self, call: ApiCall) -> Mapping[str, Any]:
        """Return a file of a version."""
        record, name = self._version(call), str(call.params["asset"])
        if name not in record["assets"]:
            raise ApiError("ResourceNotFoundException", f"Asset '{name}' not found.", 404)
        return {
            "asset": self.blobs.get(record["assets"][name]["sha256"]),
            "assetName": name,
            "packageVersion": record["version"],
            "packageVersionRevision": record["revision"],
        }

    def _some(self, call: ApiCall) -> Sequence[Record]:
        repository, name = self._repositories.need(call), str(call.params["package"])
        found = self.versions(repository, name, upstream=False)
        if not found or call.params["format"] != FORMAT:
            raise ApiError(
                "ResourceNotFoundException",
                f"Package not found. Package '{name}' with format '{call.params['format']}' in "
                f"repository '{repository['name']}' does not exist.",
                404,
            )
        return found

    def _version(self, call: ApiCall) -> Record:
        wanted = str(call.params["packageVersion"])
        for record in self._some(call):
            if record["version"] == wanted:
                return record
        raise ApiError(
            "ResourceNotFoundException",
            f"Package version not found. Version '{wanted}' of package '{call.params['package']}' "
            "does not exist.",
            404,
        )

    def _each(self, call: ApiCall, change: Change) -> Mapping[str, Any]:
        there = {record["version"]: record for record in self._some(call)}
        done: dict[str, Any] = {}
        failed: dict[str, Any] = {}
        for version in call.params["versions"]:
            record = there.get(version)
            if record is None:
                failed[version] = {"errorCode": "NOT_FOUND", "errorMessage": "Version not found."}
            else:
                done[version] = {"revision": record["revision"], "status": change(record)}
        return {"successfulVersions": done, "failedVersions": failed}


def normal(name: str) -> str:
    """Return a package name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(name: str) -> dict[str, Any]:
    origin = {"restrictions": {"publish": "ALLOW", "upstream": "BLOCK"}}
    return {"format": FORMAT, "package": name, "originConfiguration": origin}


def _where(repository: Record) -> tuple[str, str, str, str]:
    names = ("owner", "region", "domain", "name")
    owner, region, domain, name = (str(repository[one]) for one in names)
    return owner, region, domain, name
