"""The access points of general purpose buckets: made, told, listed, deleted, with their policies.

What a request through one may do is the gate's to decide. Those of directory buckets, of several
regions and of Object Lambda are refused by name: a record of one would be a door that leads
nowhere.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.services.s3.account_block import AccountBlock
from landrail.localaws.services.s3.point_names import alias_of, check_name, endpoints
from landrail.localaws.services.s3.points_listing import listed
from landrail.localaws.store import AccessPoint, AccessPoints, Blobs, Tables
from landrail.policy import is_public, parse_document

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_REFUSED = """
CreateAccessGrantsInstance CreateAccessPointForObjectLambda CreateMultiRegionAccessPoint
DeleteAccessPointScope GetAccessPointScope ListAccessPointsForDirectoryBuckets PutAccessPointScope
PutAccessPointPolicyForObjectLambda PutMultiRegionAccessPointPolicy
"""
_MOST = 10_000


def build_control(platform: Platform, tables: Tables, blobs: Blobs) -> S3Control:
    """Return the service."""
    del blobs
    return S3Control(platform, tables)


class S3Control(Answering):
    """The access points of all accounts, and the account's own public access block."""

    name = "s3control"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._points = AccessPoints(tables)
        self.operations = {
            **dict.fromkeys(_REFUSED.split(), _refuse),
            **AccountBlock(platform).operations(),
            "CreateAccessPoint": self._create,
            "GetAccessPoint": self._get,
            "ListAccessPoints": self._list,
            "DeleteAccessPoint": self._delete,
            "PutAccessPointPolicy": self._put_policy,
            "GetAccessPointPolicy": self._policy,
            "DeleteAccessPointPolicy": self._delete_policy,
            "GetAccessPointPolicyStatus": self._status,
        }

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        params, account = call.params, str(call.params["AccountId"])
        name, bucket = str(params["Name"]), str(params["Bucket"])
        if params.get("Scope") or bucket.endswith("--x-s3"):
            _refuse(replace(call, operation="CreateAccessPoint of a directory bucket"))
        if params.get("Tags"):
            _refuse(replace(call, operation="CreateAccessPoint with tags"))
        check_name(name)
        owner = str(params.get("BucketAccountId") or account)
        self._check_bucket(call, bucket, owner, account)
        if self._points.get(account, call.region, name) is not None:
            raise ApiError(
                "AccessPointAlreadyOwnedByYou",
                "Your previous request to create the named accesspoint succeeded and you already "
                "own it.",
                409,
            )
        if sum(1 for _ in self._points.all(account, call.region)) >= _MOST:
            message = "You have attempted to create more access points than allowed."
            raise ApiError("TooManyAccessPoints", message, 400)
        asked = params.get("PublicAccessBlockConfiguration") or {}
        point = AccessPoint(
            account=account,
            region=call.region,
            name=name,
            alias=alias_of(name, secrets.token_bytes(32)),
            bucket=bucket,
            bucket_account=owner,
            vpc=(params.get("VpcConfiguration") or {}).get("VpcId"),
            blocks=tuple(block for block in BLOCKS if asked.get(block, True)),
            created=time.time(),
        )
        self._points.put(point)
        return {"AccessPointArn": point.arn, "Alias": point.alias}

    def _check_bucket(self, call: ApiCall, bucket: str, owner: str, account: str) -> None:
        """Raise ApiError for a bucket that is not there, is another account's than is said, or lies
        in another region."""
        asked = replace(call, service="s3", account=owner)
        held = self._platform.perform(replace(asked, operation="ListBuckets", params={}))
        if bucket in (b["Name"] for b in held.get("Buckets") or ()):
            where = self._platform.perform(
                replace(asked, operation="GetBucketLocation", params={"Bucket": bucket})
            ).get("LocationConstraint")
            if (where or "us-east-1") != call.region:
                raise ApiError(
                    "InvalidRequest", "The bucket is in another region than the access point.", 400
                )
            return
        if owner != account:
            raise ApiError("AccessDenied", "Access Denied", 403)
        try:
            head = replace(asked, operation="HeadBucket", params={"Bucket": bucket})
            self._platform.perform(head)
        except ApiError as error:
            if error.status == 404:
                message = "The specified bucket does not exist"
                raise ApiError("NoSuchBucket", message, 404) from error
            raise
        raise ApiError("AccessDenied", "Access Denied", 403)

    def _get(self, call: ApiCall) -> Mapping[str, Any]:
        point = self._found(call)
        return {
            **_summary(point),
            "PublicAccessBlockConfiguration": {block: block in point.blocks for block in BLOCKS},
            "CreationDate": datetime.fromtimestamp(point.created, UTC),
            "Endpoints": endpoints(point.region),
        }

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        bucket = call.params.get("Bucket")
        account = str(call.params["AccountId"])
        found = [
            _summary(point)
            for point in self._points.all(account, call.region)
            if bucket in (None, point.bucket)
        ]
        return listed(found, call.params)

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        self._points.delete(self._found(call))
        return {}

    def _put_policy(self, call: ApiCall) -> Mapping[str, Any]:
        self._points.put(replace(self._found(call), policy=str(call.params["Policy"])))
        return {}

    def _policy(self, call: ApiCall) -> Mapping[str, Any]:
        return {"Policy": _policy_of(self._found(call))}

    def _delete_policy(self, call: ApiCall) -> Mapping[str, Any]:
        self._points.put(replace(self._found(call), policy=None))
        return {}

    def _status(self, call: ApiCall) -> Mapping[str, Any]:
        point = self._found(call)
        document = parse_document(_policy_of(point), kind="resource")
        # What is reached from one VPC alone is never public.
        return {"PolicyStatus": {"IsPublic": point.vpc is None and is_public(document)}}

    def _found(self, call: ApiCall) -> AccessPoint:
        account, name = str(call.params["AccountId"]), str(call.params["Name"])
        found = self._points.at(name) if name.startswith("arn:") else None
        found = found or self._points.get(account, call.region, name)
        if found is None or found.account != account:
            raise ApiError("NoSuchAccessPoint", "The specified accesspoint does not exist", 404)
        return found


def _policy_of(point: AccessPoint) -> str:
    if point.policy is None:
        message = "The specified accesspoint policy does not exist"
        raise ApiError("NoSuchAccessPointPolicy", message, 404)
    return point.policy


def _summary(point: AccessPoint) -> dict[str, Any]:
    vpc = {"VpcConfiguration": {"VpcId": point.vpc}} if point.vpc else {}
    return {
        "Name": point.name,
        "NetworkOrigin": point.origin,
        **vpc,
        "Bucket": point.bucket,
        "AccessPointArn": point.arn,
        "Alias": point.alias,
        "BucketAccountId": point.bucket_account,
    }


def _refuse(call: ApiCall) -> Mapping[str, Any]:
    raise ApiError(
        "NotImplemented",
        f"The local AWS does not have s3control:{call.operation}: buckets are reached by their own "
        "names and through access points of general purpose buckets. This is a gap of Landrail, "
        "not an answer of AWS.",
        501,
    )
