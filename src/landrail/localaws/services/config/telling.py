"""Telling Events of a resource whose compliance with a rule has changed."""

from __future__ import annotations

from landrail.localaws.announcing import Origin, announce
from landrail.localaws.api import Platform
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.items import text
from landrail.localaws.services.config.results import Document, result


def tell(
    platform: Platform, place: Place, rule: Document, finding: Document, before: Document | None
) -> None:
    """Send the event of a changed finding."""
    account, region = place
    detail = {
        "resourceId": finding["resource"],
        "resourceType": finding["type"],
        "awsRegion": region,
        "awsAccountId": account,
        "configRuleName": rule["ConfigRuleName"],
        "configRuleARN": rule["ConfigRuleArn"],
        "recordVersion": "1.0",
        "messageType": "ComplianceChangeNotification",
        "notificationCreationTime": text(finding["recorded"]),
        "newEvaluationResult": _detail(finding),
        **({"oldEvaluationResult": _detail(before)} if before else {}),
    }
    origin = Origin(account, region, finding.get("arn") or "")
    announce(platform, "config", origin, "Config Rules Compliance Change", detail)


def _detail(finding: Document) -> Document:
    shown = result(finding)
    qualifier = shown["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
    return {
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": {
                name[0].lower() + name[1:]: value for name, value in qualifier.items()
            },
            "orderingTimestamp": text(finding["ordered"]),
        },
        "complianceType": finding["compliance"],
        "resultRecordedTime": text(finding["recorded"]),
        "configRuleInvokedTime": text(finding["ordered"]),
        "annotation": finding.get("annotation"),
    }
