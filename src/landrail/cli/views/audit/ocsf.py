"""Findings as OCSF events: Compliance Finding (2003), with the cloud profile.

Source: the Open Cybersecurity Schema Framework, version 1.3.0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from landrail import __version__
from landrail.operations.audit.finding import Finding
from landrail.operations.audit.values import Audit

_SCHEMA = "1.3.0"
_CLASS, _CATEGORY = 2003, 2
_SEVERITY = {"low": 2, "medium": 3, "high": 4, "critical": 5}
_CREATE, _UPDATE = 1, 2
_ACTIVITY = {_CREATE: "Create", _UPDATE: "Update"}
_NEW, _SUPPRESSED = 1, 3
_STATUS = {_NEW: "New", _SUPPRESSED: "Suppressed"}
"""That a finding is looked into is not for an audit to say: it stays new until it is waived."""
_FAIL = 3
_AWS_ACCOUNT = 10


def audit_ocsf(made: Audit) -> list[dict[str, Any]]:
    """Return one event a finding."""
    return [_event(made, finding) for finding in made.findings]


def _event(made: Audit, finding: Finding) -> dict[str, Any]:
    event = {
        **_class(finding),
        "time": _milliseconds(made.began),
        "severity": finding.severity.capitalize(),
        "severity_id": _SEVERITY[finding.severity],
        "message": f"{finding.name}: {finding.says}",
        "metadata": _metadata(finding),
        "finding_info": _information(made, finding),
        "compliance": {
            "control": finding.guardrail,
            "requirements": [finding.rule],
            "standards": ["Landrail guardrails"],
            "status": "Fail",
            "status_id": _FAIL,
        },
        "cloud": _cloud(finding),
        "resources": [_resource(finding)],
        "remediation": {"desc": finding.remedy},
    }
    waiver = finding.waiver
    if waiver is not None:
        event["comment"] = f"waived by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    return event


def _class(finding: Finding) -> dict[str, Any]:
    """Return what kind of event it is, and where its finding stands."""
    is_new = finding.state == "new"
    activity = _CREATE if is_new else _UPDATE
    status = _NEW if finding.waiver is None else _SUPPRESSED
    return {
        "activity_id": activity,
        "activity_name": _ACTIVITY[activity],
        "category_name": "Findings",
        "category_uid": _CATEGORY,
        "class_name": "Compliance Finding",
        "class_uid": _CLASS,
        "type_name": f"Compliance Finding: {_ACTIVITY[activity]}",
        "type_uid": _CLASS * 100 + activity,
        "status": _STATUS[status],
        "status_id": status,
    }


def _metadata(finding: Finding) -> dict[str, Any]:
    return {
        "version": _SCHEMA,
        "profiles": ["cloud"],
        "uid": finding.uid,
        "event_code": finding.rule,
        "product": {
            "name": "Landrail",
            "vendor_name": "Landrail",
            "uid": "landrail",
            "version": __version__,
        },
    }


def _information(made: Audit, finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.uid,
        "title": finding.title,
        "desc": finding.says,
        "types": ["Compliance"],
        "first_seen_time": _milliseconds(finding.first_seen),
        "last_seen_time": _milliseconds(made.began),
        "created_time": _milliseconds(finding.first_seen),
    }


def _cloud(finding: Finding) -> dict[str, Any]:
    return {
        "provider": "AWS",
        "region": finding.region,
        "account": {
            "uid": finding.account_id,
            "name": finding.account,
            "type": "AWS Account",
            "type_id": _AWS_ACCOUNT,
        },
    }


def _resource(finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.arn or finding.resource_id,
        "name": finding.name,
        "type": finding.resource_type,
        "region": finding.region,
        "cloud_partition": "aws",
    }


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
