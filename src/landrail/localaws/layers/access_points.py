"""S3's access points: where they are reached from, and what their public access settings refuse.

Their settings count together with those of the bucket and of its account. What can be reached from
one VPC alone is never public. Source: S3 User Guide, "Creating access points restricted to a
virtual private cloud", "Managing public access to access points", "Blocking public access".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.layers.public_access import (
    blocks_in_force,
    gives_public,
    public_policy,
    takes_list,
)
from landrail.localaws.layers.sources import Sources
from landrail.localaws.layers.ways import Way
from landrail.localaws.store import AccessPoint


def point_blocks(point: AccessPoint, sources: Sources) -> frozenset[str]:
    """Return the settings in force for an access point: its own, its bucket's and the account's,
    and those of the account that made it where that is another."""
    found = frozenset(point.blocks) | blocks_in_force(point.bucket_account, point.bucket, sources)
    if point.account == point.bucket_account:
        return found
    return found | blocks_in_force(point.account, None, sources)


def restricts_point(point: AccessPoint, sources: Sources) -> bool:
    """Return whether RestrictPublicBuckets bounds what the policy of an access point grants."""
    return point.vpc is None and "RestrictPublicBuckets" in point_blocks(point, sources)


def out_of_reach(resource: str, way: Way, sources: Sources) -> str | None:
    """Return why an access point does not take a call that came this way; None where it does."""
    point = sources.access_point_at(resource)
    if point is None or point.vpc is None or way.vpc == point.vpc:
        return None
    came = f"from {way.vpc}" if way.vpc else "from outside it"
    return (
        f"because the access point {point.name} takes requests from {point.vpc} alone, and this "
        f"one came {came}."
    )


def blocked_at_point(
    service: str, operation: str, params: Mapping[str, Any], resource: str, sources: Sources
) -> str | None:
    """Return the setting by which an access point refuses a call, or None: a public policy of its
    own, and public lists of objects that are written through it."""
    point = sources.access_point_at(resource)
    if point is None:
        return None
    if (service, operation) == ("s3control", "PutAccessPointPolicy"):
        public = point.vpc is None and public_policy(params.get("Policy"))
        setting = "BlockPublicPolicy"
    else:
        public = service == "s3" and takes_list(operation) and gives_public(params)
        setting = "BlockPublicAcls"
    return setting if public and setting in point_blocks(point, sources) else None
