"""Reports of builds: test results and coverage, filed in groups and told by the API."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_builder import Builder, contexts
from code_people import Person, allow

from landrail.localaws.services.codebuild.reports import coverage, results

_FILES = Path(__file__).parent / "results"
TESTS = [
    ("JUNITXML", "junit.xml", "good SUCCEEDED, bad FAILED, raised ERROR, left SKIPPED"),
    ("CUCUMBERJSON", "cucumber.json", "good SUCCEEDED, bad FAILED, open UNKNOWN, left SKIPPED"),
    ("TESTNGXML", "testng.xml", "good SUCCEEDED, bad FAILED, left SKIPPED"),
    ("VISUALSTUDIOTRX", "results.trx", "good SUCCEEDED, bad FAILED, left SKIPPED"),
    ("NUNITXML", "nunit.xml", "good SUCCEEDED, bad FAILED, left SKIPPED"),
    ("NUNIT3XML", "nunit3.xml", "good SUCCEEDED, bad FAILED, raised ERROR, left SKIPPED"),
]
TIMES = {
    "JUNITXML": 500_000_000,
    "CUCUMBERJSON": 11,
    "TESTNGXML": 12_000_000,
    "VISUALSTUDIOTRX": 1_500_000_000,
    "NUNITXML": 250_000_000,
    "NUNIT3XML": 250_000_000,
}
COVERED = [
    ("COBERTURAXML", "cobertura.xml", (1, 1)),
    ("CLOVERXML", "clover.xml", (1, 1)),
    ("JACOCOXML", "jacoco.xml", (1, 1)),
    ("SIMPLECOV", "simplecov.json", (0, 0)),
]
ACTIONS = (
    *("CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases"),
    "BatchPutCodeCoverages",
)


@pytest.mark.parametrize(("kind", "file", "expected"), TESTS, ids=[one[0] for one in TESTS])
def test_results_are_read_in_each_format(kind: str, file: str, expected: str) -> None:
    cases = results.read(kind, (_FILES / file).read_bytes())
    assert ", ".join(f"{one.name} {one.status}" for one in cases) == expected
    assert cases[0].prefix in ("pkg.Case", "Feature")
    assert cases[0].nanoseconds == TIMES[kind]
    assert cases[1].message in ("no", "it broke")
    with pytest.raises(ValueError, match=r"wanted|Expecting"):
        results.read(kind, b"<other/>")


@pytest.mark.parametrize(("kind", "file", "branches"), COVERED, ids=[one[0] for one in COVERED])
def test_coverage_is_read_in_each_format(kind: str, file: str, branches: tuple[int, int]) -> None:
    first, second = coverage.read(kind, (_FILES / file).read_bytes())
    assert (first.lines, first.lines_missed) == (2, 1)
    assert (first.branches, first.branches_missed) == branches
    assert (second.lines, second.lines_missed) == (1, 0)
    with pytest.raises(ValueError, match=r"wanted|Expecting"):
        coverage.read(kind, b"<other/>")


def _spec(*reports: str) -> str:
    commands = ["mkdir out"]
    for file in ("junit.xml", "cobertura.xml"):
        text = base64.b64encode((_FILES / file).read_bytes()).decode()
        commands.append(f"echo {text} | base64 -d > out/{file}")
    lines = "".join(f"      - {one}\n" for one in [*commands, "echo '<x/>' > out/other.xml"])
    head = f"version: 0.2\nphases:\n  build:\n    commands:\n{lines}reports:\n"
    return head + "".join(f"  {one}\n" for one in reports)


@pytest.fixture
def reporter(
    builder: Builder, service_role: Callable[..., str], unique: Callable[[str], str]
) -> Builder:
    policy = allow("logs:*", "s3:PutObject", *(f"codebuild:{one}" for one in ACTIONS))
    builder.role = service_role(unique("reporter"), policy, "codebuild.amazonaws.com")
    return builder


def test_a_build_files_its_reports(reporter: Builder) -> None:
    spec = _spec(
        "unit: {files: [junit.xml], base-directory: out}",
        "cover: {files: ['out/cob*.xml'], file-format: COBERTURAXML}",
    )
    name = reporter.project(spec)
    build = reporter.run(name)
    assert build["buildStatus"] == "SUCCEEDED", build["phases"]
    client = reporter.client
    found = client.batch_get_reports(reportArns=build["reportArns"])["reports"]
    tests, covered = sorted(found, key=lambda one: one["type"] == "CODE_COVERAGE")
    assert tests["status"] == "FAILED"
    assert tests["executionId"] == build["arn"]
    assert tests["testSummary"]["statusCounts"] == {
        "SUCCEEDED": 1,
        "FAILED": 1,
        "ERROR": 1,
        "SKIPPED": 1,
        "UNKNOWN": 0,
    }
    assert tests["reportGroupArn"].endswith(f":report-group/{name}-unit")
    cases = client.describe_test_cases(reportArn=tests["arn"], filter={"status": "FAILED"})
    [case] = cases["testCases"]
    assert (case["name"], case["message"], case["testSuiteName"]) == ("bad", "it broke", "suite")
    first = client.describe_test_cases(reportArn=tests["arn"], maxResults=3)
    rest = client.describe_test_cases(reportArn=tests["arn"], nextToken=first["nextToken"])
    assert (len(first["testCases"]), len(rest["testCases"])) == (3, 1)
    assert covered["codeCoverageSummary"]["lineCoveragePercentage"] == 75.0
    files = client.describe_code_coverages(reportArn=covered["arn"], sortBy="FILE_PATH")
    assert [one["filePath"] for one in files["codeCoverages"]] == ["a.py", "b.py"]
    group = tests["reportGroupArn"]
    trend = client.get_report_group_trend(reportGroupArn=group, trendField="PASS_RATE")
    assert trend["stats"]["average"] == "25.0"
    listed = client.list_reports_for_report_group(reportGroupArn=group)["reports"]
    assert listed == [tests["arn"]]
    assert tests["arn"] in client.list_reports(filter={"status": "FAILED"})["reports"]


def test_a_report_that_cannot_be_made_fails_the_build(reporter: Builder) -> None:
    spec = _spec("a: {files: [nowhere.xml]}", "b: {files: [out/other.xml]}")
    build = reporter.run(reporter.project(spec))
    [(code, message)] = contexts(build, "UPLOAD_ARTIFACTS")
    assert code == "CLIENT_ERROR"
    assert "[a: no matching report paths found: nowhere.xml]" in message
    assert "[b: out/other.xml is not JUNITXML: the root is <x>" in message
    arns = build["reportArns"]
    assert arns == []


def test_a_role_must_be_allowed_to_report(builder: Builder) -> None:
    build = builder.run(builder.project(_spec("unit: {files: [out/junit.xml]}")))
    [(code, message)] = contexts(build, "UPLOAD_ARTIFACTS")
    assert code == "ACCESS_DENIED"
    assert "codebuild:CreateReportGroup" in message


def test_a_group_exports_and_is_deleted_with_its_reports(
    reporter: Builder,
    person: Person,
    bucket: Callable[[str], str],
    unique: Callable[[str], str],
) -> None:
    client, place, name = reporter.client, bucket(unique("reports")), unique("group")
    to = {"bucket": place, "path": "raw", "packaging": "NONE"}
    export = {"exportConfigType": "S3", "s3Destination": to}
    group = client.create_report_group(name=name, type="TEST", exportConfig=export)["reportGroup"]
    build = reporter.run(reporter.project(_spec(f"'{group['arn']}': {{files: ['out/junit.xml']}}")))
    [report] = build["reportArns"]
    [kept] = person.client("s3").list_objects_v2(Bucket=place)["Contents"]
    assert kept["Key"].startswith(f"raw/{name}/")
    assert kept["Key"].endswith("/out/junit.xml")
    with pytest.raises(ClientError, match="Cannot delete report group with reports"):
        client.delete_report_group(arn=group["arn"])
    client.update_report_group(arn=group["arn"], exportConfig={"exportConfigType": "NO_EXPORT"})
    [found] = client.batch_get_report_groups(reportGroupArns=[group["arn"]])["reportGroups"]
    assert found["exportConfig"] == {"exportConfigType": "NO_EXPORT"}
    client.delete_report_group(arn=group["arn"], deleteReports=True)
    assert client.batch_get_reports(reportArns=[report])["reportsNotFound"] == [report]
    assert group["arn"] not in client.list_report_groups()["reportGroups"]


def test_reports_are_read_by_who_may_read_their_group(
    reporter: Builder, someone: Callable[..., Person], account: str, unique: Callable[[str], str]
) -> None:
    build = reporter.run(reporter.project(_spec("unit: {files: [out/junit.xml]}")))
    [report] = build["reportArns"]
    group = report.rpartition(":")[0].replace(":report/", ":report-group/")
    actions = ("codebuild:BatchGetReports", "codebuild:DescribeTestCases")
    reader = someone(unique("reader"), allow(*actions, resource=group))
    other = someone(unique("other"), allow(*actions, resource=f"{group}-other"))

    def tell(person: Person) -> int:
        client = person.client("codebuild")
        found: Any = client.batch_get_reports(reportArns=[report])["reports"]
        return len(found) + len(client.describe_test_cases(reportArn=report)["testCases"])

    assert tell(reader) == 5
    with pytest.raises(ClientError, match="not authorized to perform: codebuild:BatchGetReports"):
        tell(other)
