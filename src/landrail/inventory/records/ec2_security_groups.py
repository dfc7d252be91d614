"""Security groups, as Config records them: addresses stand as texts, and again as objects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landrail.inventory.described import Listed, in_lower_case
from landrail.inventory.record import Shape
from landrail.inventory.table import Row


def _shaped(group: dict[str, Any]) -> dict[str, Any]:
    return {
        **group,
        "IpPermissions": [_rule(rule) for rule in group.get("IpPermissions") or ()],
        "IpPermissionsEgress": [_rule(rule) for rule in group.get("IpPermissionsEgress") or ()],
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    written = rule.get("Ipv4Ranges") or rule.get("IpRanges") or ()
    ranges = [{"CidrIp": one} if isinstance(one, str) else one for one in written]
    return {**rule, "IpRanges": ranges}


def _recorded(row: Row) -> Shape:
    configuration, beside = in_lower_case(row)
    for rules in ("ipPermissions", "ipPermissionsEgress"):
        for rule in configuration.get(rules) or ():
            rule["ipv4Ranges"] = rule.get("ipRanges") or []
            rule["ipRanges"] = [one["cidrIp"] for one in rule["ipv4Ranges"]]
    return configuration, beside


RECORD = replace(
    Listed(
        service="ec2", list="DescribeSecurityGroups", member="SecurityGroups", shaped=_shaped
    ).record("ec2_security_groups", "AWS::EC2::SecurityGroup"),
    shape=_recorded,
)
