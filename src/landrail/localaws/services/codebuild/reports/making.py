"""A build's reports, read from the files that its buildspec names and filed as its role.

The role must be allowed to make the group where it is not there yet, and to make and fill the
report: actions of IAM that are no operations of the API, decided by the same policies.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.codebuild.artifacts import NothingToKeep, chosen, zipped
from landrail.localaws.services.codebuild.buildspec import (
    COVERAGE_FORMATS,
    Artifact,
    Buildspec,
    ReportFiles,
)
from landrail.localaws.services.codebuild.failing import Failed, refused
from landrail.localaws.services.codebuild.reports import coverage, groups, results
from landrail.localaws.services.codebuild.reports.store import Reports

_KEPT_SECONDS = 30 * 24 * 3600
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Making:
    """Files the reports of one build."""

    platform: Platform
    caller: Caller
    reports: Reports
    build: Mapping[str, Any]
    source: Path
    tell: Callable[[str], None]

    def perform(self, spec: Buildspec, made: Callable[[str], None]) -> None:
        """File all reports, telling the ARN of each; raises Failed with all that was wrong."""
        wrong = []
        for wanted in spec.reports:
            try:
                made(self._file(wanted))
            except Failed as failed:
                wrong.append(failed)
        if wrong:
            told = ", ".join(f"[{one.message}]" for one in wrong)
            raise Failed(wrong[0].code, f"Error in UPLOAD_ARTIFACTS phase: {told}")

    def _file(self, wanted: ReportFiles) -> str:
        kind = "CODE_COVERAGE" if wanted.format in COVERAGE_FORMATS else "TEST"
        group = self._group(wanted.group, kind)
        self._allowed("CreateReport", group["arn"])
        record = self._begun(group, kind)
        self.reports.put(record)
        try:
            files = chosen(self.source, Artifact(wanted.files, wanted.base), "report")
            rows = self._read(wanted.format, kind, files, group["arn"])
        except (NothingToKeep, ValueError) as error:
            self.reports.put({**record, "status": "INCOMPLETE"})
            raise Failed("CLIENT_ERROR", f"{wanted.group}: {error}") from error
        self._allowed("UpdateReport", group["arn"])
        record |= _summary(kind, rows)
        self._export(record, files)
        self.reports.put(record, rows)
        self.tell(f"Report {record['arn']}: {record['status']}")
        return str(record["arn"])

    def _group(self, name: str, kind: str) -> Record:
        account, region = str(self.build["account"]), str(self.build["region"])
        whole = name if name.startswith("arn:") else f"{self.build['projectName']}-{name}"
        found = self.reports.groups.find(account, region, whole)
        if found is None:
            if name.startswith("arn:"):
                raise Failed("CLIENT_ERROR", f"the report group {name} does not exist")
            found = groups.fresh(account, region, whole, kind)
            self._allowed("CreateReportGroup", found["arn"])
            if not self.reports.groups.add(found):
                found = self.reports.groups.find(account, region, whole) or found
        if found["type"] != kind:
            message = f"the report group {found['arn']} is of the type {found['type']}, not {kind}"
            raise Failed("CLIENT_ERROR", message)
        return found

    def _begun(self, group: Record, kind: str) -> Record:
        now, name = time.time(), uuid.uuid4()
        return {
            "account": self.build["account"],
            "region": self.build["region"],
            "arn": f"{group['arn'].replace(':report-group/', ':report/')}:{name}",
            "type": kind,
            "name": f"{self.build['id']}",
            "reportGroupArn": group["arn"],
            "executionId": self.build["arn"],
            "status": "GENERATING",
            "created": now,
            "expired": now + _KEPT_SECONDS,
            "exportConfig": group["exportConfig"],
            "truncated": False,
        }

    def _read(
        self, form: str, kind: str, files: Mapping[str, Path], group: str
    ) -> Sequence[Record]:
        tests = kind == "TEST"
        self._allowed("BatchPutTestCases" if tests else "BatchPutCodeCoverages", group)
        rows: list[Record] = []
        for name, path in sorted(files.items()):
            try:
                if tests:
                    rows += [_case(one, name) for one in results.read(form, path.read_bytes())]
                else:
                    rows += [_covered(one) for one in coverage.read(form, path.read_bytes())]
            except (ValueError, AttributeError, TypeError) as error:
                raise ValueError(f"{name} is not {form}: {error}") from error
        return rows

    def _allowed(self, action: str, group: str) -> None:
        account, region = str(self.build["account"]), str(self.build["region"])
        try:
            self.platform.authorize(
                self.caller, f"codebuild:{action}", group, account=account, region=region
            )
        except ApiError as error:
            raise refused(f"codebuild:{action}", error) from error

    def _export(self, record: Record, files: Mapping[str, Path]) -> None:
        wanted = record["exportConfig"].get("s3Destination")
        if not wanted:
            return
        start = "/".join(filter(None, (str(wanted.get("path") or "").strip("/"), _id(record))))
        contents = {name: path.read_bytes() for name, path in files.items()}
        if wanted.get("packaging") == "ZIP":
            contents = {"": zipped(dict(files))}
        for name, content in contents.items():
            key = f"{start}/{name}" if name else f"{start}.zip"
            params: Record = {"Bucket": wanted["bucket"], "Key": key, "Body": content}
            if wanted.get("encryptionKey") and not wanted.get("encryptionDisabled"):
                key_id = wanted["encryptionKey"]
                params |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_id}
            try:
                self.platform.call(
                    self.caller, "s3", "PutObject", params, region=str(self.build["region"])
                )
            except ApiError as error:
                raise refused("error while exporting the report", error) from error


def _id(record: Record) -> str:
    return str(record["arn"]).rpartition("/")[2].replace(":", "/")


def _case(one: results.Case, file: str) -> Record:
    return {
        "testRawDataPath": file,
        "prefix": one.prefix,
        "name": one.name,
        "status": one.status,
        "durationInNanoSeconds": one.nanoseconds,
        "message": one.message,
        "testSuiteName": one.suite,
    }


def _covered(one: coverage.Covered) -> Record:
    return {
        "id": str(uuid.uuid4()),
        "filePath": one.path,
        "lineCoveragePercentage": coverage.percentage(one.lines, one.lines_missed),
        "linesCovered": one.lines,
        "linesMissed": one.lines_missed,
        "branchCoveragePercentage": coverage.percentage(one.branches, one.branches_missed),
        "branchesCovered": one.branches,
        "branchesMissed": one.branches_missed,
    }


def _summary(kind: str, rows: Sequence[Record]) -> Record:
    if kind == "CODE_COVERAGE":
        names = ("linesCovered", "linesMissed", "branchesCovered", "branchesMissed")
        total = {name: sum(row[name] for row in rows) for name in names}
        lines = coverage.percentage(total["linesCovered"], total["linesMissed"])
        branches = coverage.percentage(total["branchesCovered"], total["branchesMissed"])
        shares = {"lineCoveragePercentage": lines, "branchCoveragePercentage": branches}
        return {"status": "SUCCEEDED", "codeCoverageSummary": {**total, **shares}}
    counted = Counter(row["status"] for row in rows)
    failed = counted["FAILED"] + counted["ERROR"]
    return {
        "status": "FAILED" if failed else "SUCCEEDED",
        "testSummary": {
            "total": len(rows),
            "statusCounts": {name: counted[name] for name in results.STATUSES},
            "durationInNanoSeconds": sum(row["durationInNanoSeconds"] for row in rows),
        },
    }
