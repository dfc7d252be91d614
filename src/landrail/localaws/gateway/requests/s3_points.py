"""Buckets that are named through an access point: which one is meant, and what is needed twice.

Both the access point and the bucket must let a request through, so each authorization about the
bucket has a twin about the access point, under the keys that name it. A bucket that delegates says
so in its own policy, by those keys.
Source: S3 User Guide, "Configuring IAM policies for using access points", "Access point
compatibility"; Service Authorization Reference, resource types `accesspoint` and
`accesspointobject`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from landrail.localaws.api import ApiError
from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
)
from landrail.localaws.store import ALIAS_SUFFIX, AccessPoint, access_point_place

_HOST = re.compile(r"(?P<name>[a-z0-9-]{3,50})-(?P<account>\d{12})")
_KINDS = frozenset({"accesspoint", "accesspointobject"})
# The published data has no access point for it, and S3 does.
_ALSO = frozenset({"s3:ListBucketMultipartUploads"})
_MAKES = ("CreateBucket", "ListBuckets")
_SOURCE = re.compile(
    r"(?P<arn>arn:aws:s3:[^:]*:[^:]*:accesspoint[/:][^/]+)/object/(?P<rest>.+)", re.DOTALL
)


def named_point(name: Any, operation: str, region: str, lookup: Lookup) -> AccessPoint | None:
    """Return the access point that a bucket's name means: an ARN, an alias, or the first label of
    the host name where an SDK puts access points below an endpoint of its own. None for the name
    of a bucket; raises ApiError for an access point that is not there."""
    if not isinstance(name, str) or operation in _MAKES:
        return None
    if name.startswith("arn:"):
        place = access_point_place(name)
        if place is None or place[2].endswith(".mrap"):
            return None
        account, where, bare = place
        found = lookup.access_point(account, where or region, bare)
        if found is None:
            message = "The specified accesspoint does not exist"
            raise ApiError("NoSuchAccessPoint", message, 404, {"AccessPointName": bare})
        return found
    if name.endswith(ALIAS_SUFFIX):
        found = lookup.access_point_alias(name)
        if found is None:
            message = "The specified access point alias name is not valid"
            raise ApiError("InvalidAccessPointAliasError", message, 400)
        return found
    host = _HOST.fullmatch(name)
    if host is None or lookup.bucket_account(name) is not None:
        return None
    return lookup.access_point(host["account"], region, host["name"])


def behind_points(
    service: str, operation: str, params: Mapping[str, Any], region: str, lookup: Lookup
) -> Mapping[str, Any]:
    """Return the parameters with buckets in place of access points; themselves where there are
    none."""
    if service != "s3":
        return params
    point = named_point(params.get("Bucket"), operation, region, lookup)
    found = params if point is None else {**params, "Bucket": point.bucket}
    copied = _of_source(params.get("CopySource"))
    source = None if copied is None else named_point(copied[0], operation, region, lookup)
    if source is not None and copied is not None:
        # S3 reads it encoded, where the store takes it as it is.
        found = {**found, "CopySource": f"{source.bucket}/{copied[1]}"}
    return found


def source_point(params: Mapping[str, Any], region: str, lookup: Lookup) -> AccessPoint | None:
    """Return the access point through which a copy reads its source."""
    copied = _of_source(params.get("CopySource"))
    return None if copied is None else named_point(copied[0], "CopyObject", region, lookup)


def _of_source(source: Any) -> tuple[str, str] | None:
    """The bucket or access point of a source, and the rest of it as it was given."""
    if isinstance(source, Mapping):
        version = f"?versionId={source['VersionId']}" if source.get("VersionId") else ""
        return str(source.get("Bucket", "")), f"{source.get('Key', '')}{version}"
    if not isinstance(source, str):
        return None
    text = source.lstrip("/")
    given = _SOURCE.fullmatch(text) or _SOURCE.fullmatch(unquote(text))
    if given is not None:
        return given["arn"], given["rest"]
    bucket, _, rest = text.partition("/")
    return unquote(bucket), rest


def check_reach(call: Call, needed: Iterable[Authorization]) -> None:
    """Raise ApiError for an operation that access points do not have."""
    for one in needed:
        if one.via is not None:
            continue
        _, action = known(call, one.action)
        if one.action not in _ALSO and not any(k.name in _KINDS for k in action.resources):
            raise ApiError(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
                405,
                {"Method": call.operation, "ResourceType": "ACCESSPOINT"},
            )


def through(needed: Authorization, point: AccessPoint | None) -> list[Authorization]:
    """Return an authorization; where it is about the bucket of an access point that the request
    names, under the keys of that and with its twin about it."""
    bucket = "" if point is None else f"arn:aws:s3:::{point.bucket}"
    own = needed.resource == bucket or needed.resource.startswith(f"{bucket}/")
    if point is None or needed.via is not None or not own:
        return [needed]
    key = needed.resource.removeprefix(bucket)
    arn = f"{point.arn}/object{key}" if key else point.arn
    keyed = replace(needed, context={**needed.context, **point_keys(point)})
    return [keyed, replace(keyed, resource=arn, account=point.account)]


def point_keys(point: AccessPoint) -> dict[str, ContextValue]:
    """Return the keys of every request through an access point, and about it."""
    return {
        "s3:DataAccessPointArn": point.arn,
        "s3:DataAccessPointAccount": point.account,
        "s3:AccessPointNetworkOrigin": point.origin,
    }
