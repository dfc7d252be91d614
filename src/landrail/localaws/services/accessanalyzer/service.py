"""Analyzers of IAM Access Analyzer: made, told, listed, deleted, as an audit asks whether there is
one. Nothing analyzes: findings are refused by name and never told to be none.

Source: IAM Access Analyzer API Reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.store import Blobs, Tables

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,254}")
_KINDS = (
    *("ACCOUNT", "ORGANIZATION", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS"),
    *("ACCOUNT_INTERNAL_ACCESS", "ORGANIZATION_INTERNAL_ACCESS"),
)
_KEPT = ("configuration",)


def build(platform: Platform, tables: Tables, blobs: Blobs) -> AccessAnalyzer:
    """Return the service."""
    del platform, blobs
    return AccessAnalyzer(tables)


class AccessAnalyzer(Answering):
    """The analyzers of all accounts."""

    name = "accessanalyzer"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("accessanalyzer.analyzers")
        self.operations: Mapping[str, Operation] = {
            "CreateAnalyzer": self._create,
            "GetAnalyzer": lambda call: {"analyzer": self._need(call)},
            "ListAnalyzers": self._list,
            "UpdateAnalyzer": self._update,
            "DeleteAnalyzer": self._delete,
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": lambda call: {"tags": self._of_arn(call)["tags"]},
        }

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        name, kind = str(call.params["analyzerName"]), str(call.params["type"])
        if _NAME.fullmatch(name) is None or kind not in _KINDS:
            raise ApiError("ValidationException", "The name or the type is not valid.")
        if call.params.get("archiveRules"):
            raise ApiError(
                "UnsupportedOperation", "The local AWS does not have archive rules yet.", 501
            )
        arn = f"arn:aws:access-analyzer:{call.region}:{call.account}:analyzer/{name}"
        record = {
            "arn": arn,
            "name": name,
            "type": kind,
            "createdAt": datetime.now(UTC).isoformat(),
            "tags": dict(call.params.get("tags") or {}),
            "status": "ACTIVE",
            **{key: call.params[key] for key in _KEPT if key in call.params},
        }
        if not self._table.insert(call.account, call.region, name, value=record):
            raise ApiError(
                "ConflictException",
                f"An analyzer with the name {name} already exists.",
                409,
                {"resourceId": name, "resourceType": "Analyzer"},
            )
        return {"arn": arn}

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        kind = call.params.get("type")
        found = [value for _, value in self._table.scan(call.account, call.region)]
        return {"analyzers": [one for one in found if kind in (None, one["type"])]}

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        record = self._need(call)
        given = {key: call.params[key] for key in _KEPT if key in call.params}
        self._put(call, {**record, **given})
        return given

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        self._table.delete(call.account, call.region, self._need(call)["name"])
        return {}

    def _tag(self, call: ApiCall) -> Mapping[str, Any]:
        record = self._of_arn(call)
        self._put(call, {**record, "tags": {**record["tags"], **call.params["tags"]}})
        return {}

    def _untag(self, call: ApiCall) -> Mapping[str, Any]:
        record = self._of_arn(call)
        gone = call.params["tagKeys"]
        self._put(
            call, {**record, "tags": {k: v for k, v in record["tags"].items() if k not in gone}}
        )
        return {}

    def _put(self, call: ApiCall, record: Mapping[str, Any]) -> None:
        self._table.put(call.account, call.region, record["name"], value=record)

    def _need(self, call: ApiCall) -> dict[str, Any]:
        return self._found(call, str(call.params["analyzerName"]))

    def _of_arn(self, call: ApiCall) -> dict[str, Any]:
        return self._found(call, str(call.params["resourceArn"]).rpartition("analyzer/")[2])

    def _found(self, call: ApiCall, name: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self._table.get(call.account, call.region, name)
        if found is None:
            raise ApiError(
                "ResourceNotFoundException",
                f"The analyzer {name} does not exist.",
                404,
                {"resourceId": name, "resourceType": "Analyzer"},
            )
        return found
