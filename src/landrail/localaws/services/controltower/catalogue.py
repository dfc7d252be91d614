"""The controls that the local Control Tower offers, and the baselines.

Detective ones are Config rules, preventive ones statements of service control policies; no hooks,
no standards of Security Hub. Identifiers are those of AWS's Control Catalog. Source: AWS Control
Tower Controls Reference Guide; AWS Control Tower User Guide, "Types of baselines".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from landrail.localaws.services.controltower.manifest import is_modern

RULE = "AWS::Config::ConfigRule"
POLICY = "AWS::Organizations::Policy::SERVICE_CONTROL_POLICY"
CATALOG = "arn:aws:controlcatalog:::control/"
_ROOT = "arn:aws:iam::*:root"

GOVERNED = "17BSJV3IGJ2QSGA2"
"""`AWSControlTowerBaseline`: what registers an OU."""
BASELINES: Mapping[str, tuple[str, str]] = {
    GOVERNED: (
        "AWSControlTowerBaseline",
        "Resources and mandatory controls of member accounts in an organizational unit.",
    ),
    "J8HX46AHS5MIKQPD": (
        "LogArchiveBaseline",
        "The central log archive, in the account of the landing zone.",
    ),
    "4T4HA1KMO10S6311": (
        "AuditBaseline",
        "Security and audit, in the account of the landing zone.",
    ),
    "LN25R72TTG6IGPTQ": ("IdentityCenterBaseline", "IAM Identity Center, for the landing zone."),
}


@dataclass(frozen=True, slots=True)
class Control:
    """A control: `rule` is the identifier of a managed Config rule, or `statement` that of a
    policy."""

    alias: str
    identifier: str
    title: str
    severity: str
    rule: str = ""
    statement: Mapping[str, Any] | None = None

    @property
    def arn(self) -> str:
        """Its global ARN."""
        return f"{CATALOG}{self.identifier}"

    @property
    def behavior(self) -> str:
        """`DETECTIVE` or `PREVENTIVE`."""
        return "DETECTIVE" if self.rule else "PREVENTIVE"

    @property
    def config_rule(self) -> str:
        """The name of its rule in accounts."""
        return f"AWSControlTower_{self.alias}"


def _root_user(sid: str, action: str) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": action,
        "Resource": ["*"],
        "Condition": {"ArnLike": {"aws:PrincipalArn": [_ROOT]}},
    }


_PREVENTIVE = (
    Control(
        "AWS-GR_RESTRICT_ROOT_USER",
        "5kvme4m5d2b4d7if2fs5yg2ui",
        "Disallow actions as a root user",
        "CRITICAL",
        statement=_root_user("GRRESTRICTROOTUSER", "*"),
    ),
    Control(
        "AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS",
        "8ui9y3oace2513xarz8aqojl7",
        "Disallow creation of access keys for the root user",
        "CRITICAL",
        statement=_root_user("GRRESTRICTROOTUSERACCESSKEYS", "iam:CreateAccessKey"),
    ),
)


@cache
def controls() -> Mapping[str, Control]:
    """Return every control by its global ARN."""
    lines = Path(__file__).with_name("detective.jsonl").read_text(encoding="utf-8").splitlines()
    detective = (
        Control(row["alias"], row["id"], row["title"], row["severity"], rule=row["rule"])
        for row in map(json.loads, lines)
    )
    return {control.arn: control for control in (*_PREVENTIVE, *detective)}


def find_control(arn: str) -> Control | None:
    """Return a control by its global ARN, or by a regional one that names its alias."""
    found = controls().get(arn)
    if found is not None or not arn.startswith("arn:aws:controltower:"):
        return found
    alias = arn.partition("::control/")[2]
    return next((c for c in controls().values() if c.alias == alias), None)


def baseline_version(landing_zone: str) -> str:
    """Return the version of the baseline of OUs that fits a landing zone's version."""
    if is_modern(landing_zone):
        return "5.0"
    return "3.0" if landing_zone == "3.1" else "4.0"
