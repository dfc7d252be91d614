"""Rules of S3 access points. Source of what each asks: AWS Config, "List of AWS Config managed
rules"; those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import open_outside
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "S3_ACCESS_POINT_PUBLIC_ACCESS_BLOCKS",
        table="s3_access_points",
        wrong="resource_name NOT IN (:excludedAccessPoints) AND ("
        "NOT block_public_acls OR NOT ignore_public_acls"
        " OR NOT block_public_policy OR NOT restrict_public_buckets)",
        says="the access point's public access block is not complete",
        parameters={"excludedAccessPoints": ""},
    ),
    managed(
        "S3_ACCESS_POINT_IN_VPC_ONLY",
        table="s3_access_points",
        wrong="vpc IS NULL",
        says="the access point can be reached from the internet",
    ),
    Rule(
        name="s3-access-point-public",
        table="s3_access_points",
        wrong="policy_public AND NOT restricts_public_policy",
        says="the access point's policy lets everybody in",
    ),
    open_outside(
        "s3-access-point",
        "s3_access_points",
        "the access point's policy lets in somebody from outside the organization",
    ),
)
