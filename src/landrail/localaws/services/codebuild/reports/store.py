"""Reports as the API tells them: their summaries, test cases, coverage and trends."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codebuild.pages import page
from landrail.localaws.services.codebuild.reports.groups import Groups
from landrail.localaws.store import Tables

Record = dict[str, Any]
_SHOWN = (
    *("arn", "type", "name", "reportGroupArn", "executionId", "status", "exportConfig"),
    *("truncated", "testSummary", "codeCoverageSummary"),
)
_TREND = {
    "DURATION": ("testSummary", "durationInNanoSeconds"),
    "TOTAL": ("testSummary", "total"),
    "LINE_COVERAGE": ("codeCoverageSummary", "lineCoveragePercentage"),
    "LINES_COVERED": ("codeCoverageSummary", "linesCovered"),
    "LINES_MISSED": ("codeCoverageSummary", "linesMissed"),
    "BRANCH_COVERAGE": ("codeCoverageSummary", "branchCoveragePercentage"),
    "BRANCHES_COVERED": ("codeCoverageSummary", "branchesCovered"),
    "BRANCHES_MISSED": ("codeCoverageSummary", "branchesMissed"),
}


class Reports:
    """The reports of all accounts; they expire thirty days after they were made."""

    def __init__(self, tables: Tables, groups: Groups) -> None:
        self._reports = tables.table("codebuild.reports")
        self._rows = tables.table("codebuild.report-rows")
        self.groups = groups

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "BatchGetReports": self.batch_get,
            "ListReports": self.list,
            "ListReportsForReportGroup": self.list_of_group,
            "DescribeTestCases": self.cases,
            "DescribeCodeCoverages": self.coverages,
            "GetReportGroupTrend": self.trend,
            "DeleteReport": self.delete,
            "DeleteReportGroup": self.delete_group,
        }

    def put(self, record: Record, rows: Sequence[Record] = ()) -> None:
        """Keep a report with its test cases or source files."""
        account, region, key = record["account"], record["region"], _key(record["arn"])
        for number, row in enumerate(rows):
            self._rows.put(account, region, key, f"{number:08}", value=row)
        self._reports.put(account, region, key, value=record)

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several reports, naming those that are not there."""
        found = {str(arn): self._find(call, str(arn)) for arn in call.params["reportArns"]}
        return {
            "reports": [_shown(record) for record in found.values() if record],
            "reportsNotFound": [arn for arn, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the reports' ARNs, the newest first."""
        return self._listed(call, lambda _: True)

    def list_of_group(self, call: ApiCall) -> Mapping[str, Any]:
        """List the ARNs of a group's reports, the newest first."""
        group = self.groups.need(call, str(call.params["reportGroupArn"]))
        return self._listed(call, lambda one: bool(one["reportGroupArn"] == group["arn"]))

    def cases(self, call: ApiCall) -> Mapping[str, Any]:
        """Tell the test cases of a report."""
        report = self._need(call, str(call.params["reportArn"]), "TEST")
        wanted = call.params.get("filter") or {}
        word = str(wanted.get("keyword") or "").lower()
        status = wanted.get("status")
        found = [
            row
            for row in self._of(report)
            if status in (None, "", row["status"])
            and word in f"{row['name']} {row['prefix']} {row['testSuiteName']}".lower()
        ]
        return page(call, [_row(one, report, "reportArn") for one in found], "testCases")

    def coverages(self, call: ApiCall) -> Mapping[str, Any]:
        """Tell the coverage of a report's source files."""
        params = call.params
        report = self._need(call, str(params["reportArn"]), "CODE_COVERAGE")
        least = float(params.get("minLineCoveragePercentage") or 0)
        most = float(params.get("maxLineCoveragePercentage", 100))
        found = [row for row in self._of(report) if least <= row["lineCoveragePercentage"] <= most]
        by_path = params.get("sortBy") == "FILE_PATH"
        name = "filePath" if by_path else "lineCoveragePercentage"
        found.sort(key=lambda row: row[name], reverse=params.get("sortOrder") == "DESCENDING")
        return page(call, [_row(one, report, "reportARN") for one in found], "codeCoverages")

    def trend(self, call: ApiCall) -> Mapping[str, Any]:
        """Tell how a value went over the newest reports of a group."""
        group = self.groups.need(call, str(call.params["reportGroupArn"]))
        field = str(call.params["trendField"])
        tests = field in ("PASS_RATE", "DURATION", "TOTAL")
        if tests != (group["type"] == "TEST"):
            message = f"The trend {field} is not of report groups of the type {group['type']}"
            raise ApiError("InvalidInputException", message)
        records = [one for one in self._all(call) if one["reportGroupArn"] == group["arn"]]
        records = [one for one in records if one["status"] in ("SUCCEEDED", "FAILED")]
        newest = records[: int(call.params.get("numOfReports") or 100)]
        values = [_trend(one, field) for one in newest]
        raw = [
            {"reportArn": one["arn"], "data": str(value)}
            for one, value in zip(newest, values, strict=True)
        ]
        if not values:
            return {"stats": {}, "rawData": []}
        stats = {"average": sum(values) / len(values), "max": max(values), "min": min(values)}
        return {"stats": {name: str(one) for name, one in stats.items()}, "rawData": raw}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a report; one that is not there is no error, as on AWS."""
        if record := self._find(call, str(call.params["arn"])):
            self._remove(record)
        return {}

    def delete_group(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a group, with its reports where that is said."""
        group = self.groups.find(call.account, call.region, str(call.params["arn"]))
        if group is None:
            return {}
        own = [one for one in self._all(call) if one["reportGroupArn"] == group["arn"]]
        if own and not call.params.get("deleteReports"):
            message = "Cannot delete report group with reports. Set deleteReports to delete them."
            raise ApiError("InvalidInputException", message)
        for one in own:
            self._remove(one)
        self.groups.remove(group)
        return {}

    def _remove(self, record: Record) -> None:
        account, region, key = record["account"], record["region"], _key(record["arn"])
        self._reports.delete(account, region, key)
        for place, _ in list(self._rows.scan(account, region, key)):
            self._rows.delete(*place)

    def _listed(self, call: ApiCall, wanted: Callable[[Record], bool]) -> Mapping[str, Any]:
        status = (call.params.get("filter") or {}).get("status")
        found = [one for one in self._all(call) if status in (None, one["status"]) and wanted(one)]
        if call.params.get("sortOrder") == "ASCENDING":
            found.reverse()
        return page(call, [one["arn"] for one in found], "reports")

    def _all(self, call: ApiCall) -> Sequence[Record]:
        records = [record for _, record in self._reports.scan(call.account, call.region)]
        live = [one for one in records if one["expired"] > time.time()]
        return sorted(live, key=lambda one: float(one["created"]), reverse=True)

    def _of(self, report: Record) -> Sequence[Record]:
        place = (report["account"], report["region"], _key(report["arn"]))
        return [row for _, row in self._rows.scan(*place)]

    def _find(self, call: ApiCall, arn: str) -> Record | None:
        record: Record | None = self._reports.get(call.account, call.region, _key(arn))
        return record if record and record["expired"] > time.time() else None

    def _need(self, call: ApiCall, arn: str, kind: str) -> Record:
        record = self._find(call, arn)
        if record is None:
            raise ApiError("ResourceNotFoundException", f"Report {arn} does not exist")
        if record["type"] != kind:
            message = f"The report {arn} is of the type {record['type']}"
            raise ApiError("InvalidInputException", message)
        return record


def _key(arn: str) -> str:
    return arn.rpartition(":report/")[2]


def _shown(record: Record) -> dict[str, Any]:
    times = {name: datetime.fromtimestamp(record[name], UTC) for name in ("created", "expired")}
    return {**{name: record[name] for name in _SHOWN if name in record}, **times}


def _row(row: Record, report: Record, name: str) -> dict[str, Any]:
    expired = datetime.fromtimestamp(report["expired"], UTC)
    return {**row, name: report["arn"], "expired": expired}


def _trend(report: Record, field: str) -> float:
    if field != "PASS_RATE":
        summary, name = _TREND[field]
        return float(report[summary][name])
    counts, total = report["testSummary"]["statusCounts"], report["testSummary"]["total"]
    return 100 * float(counts["SUCCEEDED"]) / total if total else 0.0
