"""The types of organization policies: how large, how many at a target, under which key.

Source: "Quotas for AWS Organizations", 2026; Organizations User Guide, the syntax page of each
type. Of those without a key the content is JSON that the local AWS keeps and nothing reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landrail.policy.lint import sizes


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of policy: the longest document in characters, the most at one target (AWS's own
    counted), and the one key that a document of a management policy begins with; `effective` where
    such policies merge into one for each account."""

    longest: int
    most: int
    key: str | None = None
    effective: bool = True


KINDS: Mapping[str, Kind] = {
    "SERVICE_CONTROL_POLICY": Kind(sizes.SCP, 10, effective=False),
    "RESOURCE_CONTROL_POLICY": Kind(sizes.RCP, 5, effective=False),
    "AISERVICES_OPT_OUT_POLICY": Kind(2_500, 5, "services"),
    "BACKUP_POLICY": Kind(10_000, 10, "plans"),
    "BEDROCK_POLICY": Kind(10_000, 10, "bedrock"),
    "CHATBOT_POLICY": Kind(10_000, 5, "chatbot"),
    "DECLARATIVE_POLICY_EC2": Kind(10_000, 10, "ec2_attributes"),
    "GUARDDUTY_POLICY": Kind(10_000, 10),
    "INSPECTOR_POLICY": Kind(10_000, 10, "inspector"),
    "NETWORK_SECURITY_DIRECTOR_POLICY": Kind(10_000, 10),
    "S3_POLICY": Kind(10_000, 10, "s3_attributes"),
    "SECURITYHUB_CSPM_POLICY": Kind(10_000, 5),
    "SECURITYHUB_POLICY": Kind(10_000, 5, "securityhub"),
    "TAG_POLICY": Kind(10_000, 10, "tags"),
    "UPGRADE_ROLLOUT_POLICY": Kind(10_000, 10, "upgrade_rollout"),
}
