"""Findings in the AWS Security Finding Format (2018-10-08), as `BatchImportFindings` takes them.

What was put right since the last audit is there too, archived, so that Security Hub closes it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from landrail.operations.audit.finding import Finding
from landrail.operations.audit.values import Audit

_VERSION = "2018-10-08"
_TYPES = ["Software and Configuration Checks/AWS Security Best Practices"]
_OTHER = "Other"
NAMED = frozenset(
    {
        "AwsAccount",
        "AwsCodeBuildProject",
        "AwsEc2Instance",
        "AwsEc2NetworkAcl",
        "AwsEc2RouteTable",
        "AwsEc2SecurityGroup",
        "AwsEc2Subnet",
        "AwsEc2Volume",
        "AwsEc2Vpc",
        "AwsEc2VpcEndpointService",
        "AwsEcrRepository",
        "AwsEfsAccessPoint",
        "AwsIamGroup",
        "AwsIamPolicy",
        "AwsIamRole",
        "AwsIamUser",
        "AwsKmsKey",
        "AwsLambdaFunction",
        "AwsRdsDbSnapshot",
        "AwsS3AccessPoint",
        "AwsS3AccountPublicAccessBlock",
        "AwsS3Bucket",
        "AwsSageMakerNotebookInstance",
        "AwsSecretsManagerSecret",
        "AwsSnsTopic",
        "AwsSqsQueue",
    }
)
"""Types of resources that Security Hub has a name for, of those that the inventory has."""


def audit_asff(made: Audit) -> list[dict[str, Any]]:
    """Return one entry a finding; a hundred fit one call of `BatchImportFindings`."""
    return [*(_finding(made, finding) for finding in made.findings)]


def resource_type(config_type: str) -> str:
    """Return Security Hub's name of a resource type, `Other` where it has none."""
    if config_type == "AWS::::Account":
        return "AwsAccount"
    name = "Aws" + "".join(part[:1] + _cased(part[1:]) for part in config_type.split("::")[1:])
    return name if name in NAMED else _OTHER


def _cased(rest: str) -> str:
    """Lower a service that Config writes in capitals: `EC2`, `ECR`, `IAM`."""
    return rest.lower() if rest.isupper() else rest


def _finding(made: Audit, finding: Finding) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "SchemaVersion": _VERSION,
        "Id": f"landrail/{finding.uid}",
        "ProductArn": (
            f"arn:aws:securityhub:{finding.region}:{finding.account_id}"
            f":product/{finding.account_id}/default"
        ),
        "ProductName": "Landrail",
        "CompanyName": "Landrail",
        "GeneratorId": f"landrail/{finding.label}",
        "AwsAccountId": finding.account_id,
        "AwsAccountName": finding.account,
        "Region": finding.region,
        "Types": _TYPES,
        "CreatedAt": _time(finding.first_seen),
        "UpdatedAt": _time(made.began),
        "FirstObservedAt": _time(finding.first_seen),
        "LastObservedAt": _time(made.began),
        "Severity": {"Label": finding.severity.upper(), "Original": finding.severity},
        "Title": finding.title[:256],
        "Description": f"{finding.name}: {finding.says}"[:1024],
        "Remediation": {"Recommendation": {"Text": finding.remedy[:512]}},
        "Resources": [_resource(finding)],
        "Compliance": {"Status": "FAILED", "SecurityControlId": finding.guardrail},
        "Workflow": {"Status": "SUPPRESSED" if finding.waiver else "NEW"},
        "RecordState": "ACTIVE",
    }
    if finding.waiver is not None:
        entry["Note"] = {
            "Text": finding.waiver.reason[:512],
            "UpdatedBy": finding.waiver.approver[:512],
            "UpdatedAt": _time(made.began),
        }
    return entry


def _resource(finding: Finding) -> dict[str, str]:
    return {
        "Type": resource_type(finding.resource_type),
        "Id": finding.arn or finding.resource_id,
        "Partition": "aws",
        "Region": finding.region,
    }


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
