"""The formats of other tools: what their published schemas demand is there, and true."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import botocore.session
import pytest
from botocore.validate import ParamValidator
from made import BEFORE, NOW, PRODUCTION, REGION, UAT, audit_of, finding, waiver

from landrail.aws.collecting import Unread
from landrail.cli.views.audit.asff import NAMED, audit_asff, resource_type
from landrail.cli.views.audit.data import audit_csv, audit_data
from landrail.cli.views.audit.junit import audit_junit
from landrail.cli.views.audit.ocsf import audit_ocsf
from landrail.cli.views.audit.sarif import audit_sarif
from landrail.operations.audit.values import Audit

NASTY = "=cmd|'/c calc'!A1 <b>&\x00\u2603"
UNREAD = Unread(PRODUCTION, REGION, "s3_buckets", "AccessDenied: no")


@pytest.fixture
def made(tmp_path: Path) -> Audit:
    return audit_of(
        tmp_path,
        [
            finding("new", severity="critical"),
            finding("old", PRODUCTION, state="standing", first_seen=BEFORE, severity="low"),
            finding("waived", waiver=waiver(resource="waived")),
            finding(NASTY),
        ],
        unread=[UNREAD],
        left_out={"gone": "it is suspended"},
    )


def by_resource(entries: list[dict[str, Any]], key: str) -> Mapping[str, dict[str, Any]]:
    return {entry["resources"][0][key]: entry for entry in entries}


def test_json_has_all_of_it(made: Audit) -> None:
    data = json.loads(json.dumps(audit_data(made), default=str))
    assert data["counts"] == {"critical": 1, "high": 0, "medium": 1, "low": 1}
    assert [f["resource_id"] for f in data["findings"]] == ["new", "old", "waived", NASTY]
    assert data["findings"][2]["waiver"]["owner"] == "ana"
    assert {one["account"] for one in data["not_looked_at"]} == {"retail-production", "gone"}
    assert len({f["uid"] for f in data["findings"]}) == 4


def test_csv_has_a_row_a_finding_and_no_formula(made: Audit) -> None:
    rows = list(csv.DictReader(io.StringIO(audit_csv(made))))
    assert [row["severity"] for row in rows] == ["critical", "low", "medium", "medium"]
    assert rows[3]["resource_id"] == f"'{NASTY}"
    assert (rows[2]["waived_by"], rows[2]["waived_until"]) == ("ana", "2027-01-01")


def test_ocsf_is_a_compliance_finding(made: Audit) -> None:
    events = audit_ocsf(made)
    for event in events:
        assert event["class_uid"] == 2003
        assert event["category_uid"] == 2
        assert event["type_uid"] == 2003 * 100 + event["activity_id"]
        assert event["activity_id"] in (1, 2, 3)
        assert event["severity_id"] in range(1, 6)
        assert event["time"] == int(NOW.timestamp() * 1000)
        assert set(event["metadata"]) >= {"version", "product", "profiles"}
        assert event["metadata"]["product"]["vendor_name"]
        assert set(event["finding_info"]) >= {"uid", "title"}
        assert event["compliance"]["standards"]
        assert event["compliance"]["status_id"] == 3
        assert event["cloud"]["provider"] == "AWS"
        assert json.dumps(event)
    known = by_resource(events, "name")
    assert (known["new"]["activity_id"], known["new"]["severity_id"]) == (1, 5)
    assert (known["old"]["activity_id"], known["old"]["status_id"]) == (2, 1)
    assert known["waived"]["status_id"] == 3
    assert known["old"]["finding_info"]["first_seen_time"] == int(BEFORE.timestamp() * 1000)


def test_asff_is_what_security_hub_takes(made: Audit) -> None:
    model = botocore.session.get_session().get_service_model("securityhub")
    shape = model.operation_model("BatchImportFindings").input_shape
    findings = audit_asff(made)
    report = ParamValidator().validate({"Findings": findings}, shape)
    assert not report.has_errors(), report.generate_report()
    for entry in findings:
        assert entry["SchemaVersion"] == "2018-10-08"
        assert re.fullmatch(r"[0-9]{12}", entry["AwsAccountId"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["CreatedAt"])
        assert entry["Severity"]["Label"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        assert entry["Types"][0].startswith("Software and Configuration Checks/")
        assert entry["ProductArn"].endswith(f":product/{entry['AwsAccountId']}/default")
    assert [e["Workflow"]["Status"] for e in findings] == ["NEW", "NEW", "SUPPRESSED", "NEW"]


def test_asff_names_resources_as_security_hub_does() -> None:
    model = botocore.session.get_session().get_service_model("securityhub")
    known = set(model.shape_for("ResourceDetails").members) | {"AwsAccount"}
    assert known >= NAMED
    assert resource_type("AWS::S3::Bucket") == "AwsS3Bucket"
    assert resource_type("AWS::EC2::SecurityGroup") == "AwsEc2SecurityGroup"
    assert resource_type("AWS::SageMaker::NotebookInstance") == "AwsSageMakerNotebookInstance"
    assert resource_type("AWS::::Account") == "AwsAccount"
    assert resource_type("AWS::SageMaker::Domain") == "Other"


def test_sarif_has_what_2_1_0_demands(made: Audit) -> None:
    log = audit_sarif(made)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "Landrail"
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert result["baselineState"] in ("new", "unchanged")
        [location] = result["locations"]
        assert not location["physicalLocation"]["artifactLocation"]["uri"].startswith("/")
    assert [r["level"] for r in run["results"]] == ["error", "note", "warning", "warning"]
    assert run["results"][2]["suppressions"][0]["kind"] == "external"
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert "s3_buckets of retail-production" in note["message"]["text"]


def test_junit_has_a_suite_an_account_and_a_case_a_rule(made: Audit) -> None:
    top = Xml.fromstring(audit_junit(made))
    assert top.tag == "testsuites"
    suites = {suite.get("name"): suite for suite in top}
    assert set(suites) == {"retail-uat", "retail-production"}
    for suite in top:
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    failure = suites["retail-uat"].find("testcase/failure")
    assert failure is not None
    assert "arn:aws:s3:::new" in (failure.text or "")
    assert "waived" not in (failure.text or "")


def test_junit_skips_what_was_not_looked_at(tmp_path: Path) -> None:
    top = Xml.fromstring(audit_junit(audit_of(tmp_path, unread=[UNREAD])))
    cases = {suite.get("name"): suite.find("testcase") for suite in top}
    assert cases["retail-uat"] is not None
    assert list(cases["retail-uat"]) == []
    assert cases["retail-production"] is not None
    [skipped] = cases["retail-production"]
    assert "AccessDenied" in str(skipped.get("message"))


def test_nothing_found_is_said_in_every_format(tmp_path: Path) -> None:
    clean = audit_of(tmp_path)
    assert audit_ocsf(clean) == audit_asff(clean) == []
    assert audit_sarif(clean)["runs"][0]["results"] == []
    assert audit_data(clean)["findings"] == []
    assert len(audit_csv(clean).splitlines()) == 1
    assert Xml.fromstring(audit_junit(clean)).get("failures") == "0"
    assert UAT in audit_data(clean)["accounts"][0]["account_id"]
