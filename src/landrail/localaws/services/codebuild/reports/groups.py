"""Report groups: what reports are filed under, and where their raw files are exported to."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codebuild.pages import page
from landrail.localaws.store import Tables

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,127}")
_NO_EXPORT = {"exportConfigType": "NO_EXPORT"}
_SORTED = {"NAME": "name", "CREATED_TIME": "created", "LAST_MODIFIED_TIME": "lastModified"}
Record = dict[str, Any]


class Groups:
    """The report groups of all accounts."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("codebuild.report-groups")

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers; deleting is the reports' affair, too."""
        return {
            "CreateReportGroup": self.create,
            "UpdateReportGroup": self.update,
            "BatchGetReportGroups": self.batch_get,
            "ListReportGroups": self.list,
        }

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a group."""
        name = str(call.params["name"])
        if not _NAME.fullmatch(name):
            raise ApiError("InvalidInputException", f"Invalid report group name: {name}")
        record = fresh(call.account, call.region, name, str(call.params["type"]))
        record["exportConfig"] = _export(call.params.get("exportConfig") or _NO_EXPORT)
        record["tags"] = call.params.get("tags") or []
        if not self.add(record):
            raise ApiError(
                "ResourceAlreadyExistsException", f"Report group already exists: {record['arn']}"
            )
        return {"reportGroup": shown(record)}

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Change where a group exports to, and its tags."""
        record = self.need(call, str(call.params["arn"]))
        if "exportConfig" in call.params:
            record["exportConfig"] = _export(call.params["exportConfig"])
        if "tags" in call.params:
            record["tags"] = call.params["tags"]
        record["lastModified"] = time.time()
        self._table.put(call.account, call.region, record["name"], value=record)
        return {"reportGroup": shown(record)}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several groups, naming those that are not there."""
        arns = [str(arn) for arn in call.params["reportGroupArns"]]
        found = {arn: self.find(call.account, call.region, arn) for arn in arns}
        return {
            "reportGroups": [shown(record) for record in found.values() if record],
            "reportGroupsNotFound": [arn for arn, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the groups' ARNs."""
        by = _SORTED[str(call.params.get("sortBy") or "NAME")]
        records = [record for _, record in self._table.scan(call.account, call.region)]
        records.sort(key=lambda one: one[by], reverse=call.params.get("sortOrder") == "DESCENDING")
        return page(call, [one["arn"] for one in records], "reportGroups")

    def add(self, record: Record) -> bool:
        """Keep a new group; False if its name is taken."""
        key = (record["account"], record["region"], record["name"])
        return self._table.insert(*key, value=record)

    def remove(self, record: Record) -> None:
        """Delete a group."""
        self._table.delete(record["account"], record["region"], record["name"])

    def find(self, account: str, region: str, arn: str) -> Record | None:
        """Return a group by ARN or name, or None."""
        place = f"arn:aws:codebuild:{region}:{account}:report-group/"
        record: Record | None = self._table.get(account, region, arn.removeprefix(place))
        return record

    def need(self, call: ApiCall, arn: str) -> Record:
        """Return a group; raises ResourceNotFoundException."""
        record = self.find(call.account, call.region, arn)
        if record is None:
            raise ApiError("ResourceNotFoundException", f"Report group {arn} does not exist")
        return record


def fresh(account: str, region: str, name: str, kind: str) -> Record:
    """Return a group as it is made when a build first reports to it."""
    now = time.time()
    return {
        "account": account,
        "region": region,
        "arn": f"arn:aws:codebuild:{region}:{account}:report-group/{name}",
        "name": name,
        "type": kind,
        "exportConfig": _NO_EXPORT,
        "created": now,
        "lastModified": now,
        "tags": [],
    }


def shown(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `ReportGroup`."""
    times = {
        name: datetime.fromtimestamp(record[name], UTC) for name in ("created", "lastModified")
    }
    kept = {name: record[name] for name in ("arn", "name", "type", "exportConfig", "tags")}
    return {**kept, **times, "status": "ACTIVE"}


def _export(given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("exportConfigType") != "S3":
        return dict(_NO_EXPORT)
    if not (given.get("s3Destination") or {}).get("bucket"):
        raise ApiError("InvalidInputException", "Invalid export config: a bucket is wanted")
    return dict(given)
