"""Snapshots: all that is recorded of an account, delivered to the bucket of its channel.

They are written as AWS writes them: by the recorder's role, or where that is the service-linked one
as the service itself, so that the bucket's policy decides.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import time
import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Operation, Platform
from landrail.localaws.services.config.asking import PRINCIPAL, SERVICE, Place
from landrail.localaws.services.config.compliance import Settle
from landrail.localaws.services.config.items import plain, text
from landrail.localaws.services.config.recorders import Recorders
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Document, moment, now
from landrail.localaws.services.config.sources import HOURS
from landrail.localaws.store.tables import Tables

_LINKED = ":role/aws-service-role/"


class Snapshots:
    """The operations of delivery, and snapshots by the clock."""

    def __init__(
        self,
        platform: Platform,
        tables: Tables,
        records: Records,
        recorders: Recorders,
        settle: Settle,
    ) -> None:
        """Keep how deliveries went in the table `config.deliveries`."""
        self._platform = platform
        self._kept = tables.table("config.deliveries")
        self._records, self._recorders, self._settle = records, recorders, settle

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "DeliverConfigSnapshot": self._deliver,
            "DescribeDeliveryChannelStatus": self._status,
        }

    def look(self, seconds: float) -> None:
        """Deliver what is due at a time, by the frequency of each channel."""
        for place in list(self._recorders.places()):
            try:
                due = [channel for channel in self._channels(place) if self._due(channel, place)]
                on = self._recorders.of(place).on
            except ApiError:
                continue
            for channel in due if on else ():
                self._write(place, channel, seconds)

    def _deliver(self, call: ApiCall) -> Mapping[str, Any]:
        place, name = (call.account, call.region), call.params["deliveryChannelName"]
        channels = [c for c in self._channels(place) if c["name"] == name]
        if not channels:
            raise _no_channel(name)
        if not self._recorders.has_one(place):
            raise ApiError(
                "NoAvailableConfigurationRecorderException",
                "There are no configuration recorders available to provide the role.",
            )
        if not self._recorders.of(place).on:
            raise ApiError(
                "NoRunningConfigurationRecorderException",
                "There is no configuration recorder running.",
            )
        self._settle(place)
        return {"configSnapshotId": self._write(place, channels[0], now())}

    def _write(self, place: Place, channel: Document, seconds: float) -> str:
        account, region = place
        name = str(uuid.uuid4())
        day, moment_ = time.gmtime(seconds), time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
        prefix = f"{channel['s3KeyPrefix']}/" if channel.get("s3KeyPrefix") else ""
        key = (
            f"{prefix}AWSLogs/{account}/Config/{region}/{day.tm_year}/{day.tm_mon}/{day.tm_mday}"
            f"/ConfigSnapshot/{account}_Config_{region}_ConfigSnapshot_{moment_}_{name}.json.gz"
        )
        items = [_delivered(item) for item in self._records.all_of(place)]
        content = {"fileVersion": "1.0", "configSnapshotId": name, "configurationItems": items}
        body = gzip.compress(plain(content).encode(), mtime=int(seconds))
        # A bucket with a retention takes nothing without a checksum.
        checksum = hashlib.md5(body, usedforsecurity=False).digest()
        put: dict[str, Any] = {
            "Bucket": channel["s3BucketName"],
            "Key": key,
            "Body": body,
            "ContentMD5": base64.b64encode(checksum).decode(),
            "ContentType": "application/json",
            "ContentEncoding": "gzip",
            "ACL": "bucket-owner-full-control",
        }
        if channel.get("s3KmsKeyArn"):
            put |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": channel["s3KmsKeyArn"]}
        noted: Document = {"attempt": seconds, "status": "SUCCESS"}
        try:
            caller, context = self._deliverer(place)
            self._platform.call(caller, "s3", "PutObject", put, region=region, context=context)
            noted["success"] = seconds
        except ApiError as error:
            before = self._kept.get(*place, channel["name"]) or {}
            noted |= {"status": "FAILURE", "error": [error.code, error.message]}
            noted["success"] = before.get("success")
        self._kept.put(*place, channel["name"], value=noted)
        return name

    def _deliverer(self, place: Place) -> tuple[Caller, Mapping[str, str] | None]:
        """Return who writes, and what the service vouches for where it is itself."""
        role = self._recorders.of(place).role
        context = {"aws:SourceAccount": place[0]}
        if _LINKED in role:
            return SERVICE, context
        session = self._platform.assume(PRINCIPAL, role, "AWSConfig", context=context)
        return session.caller, None

    def _channels(self, place: Place) -> list[Document]:
        account, region = place
        answer = self._platform.call(
            SERVICE, "config", "DescribeDeliveryChannels", {}, region=region, account=account
        )
        return list(answer.get("DeliveryChannels") or ())

    def _due(self, channel: Document, place: Place) -> bool:
        often = (channel.get("configSnapshotDeliveryProperties") or {}).get("deliveryFrequency")
        if often is None:
            return False
        last = (self._kept.get(*place, channel["name"]) or {}).get("attempt", 0.0)
        return bool(now() - last >= HOURS[often] * 3600)

    def _status(self, call: ApiCall) -> Mapping[str, Any]:
        place = (call.account, call.region)
        channels = {channel["name"]: channel for channel in self._channels(place)}
        names = call.params.get("DeliveryChannelNames") or list(channels)
        for name in names:
            if name not in channels:
                raise _no_channel(name)
        return {"DeliveryChannelsStatus": [self._of(place, channels[name]) for name in names]}

    def _of(self, place: Place, channel: Document) -> Document:
        kept = self._kept.get(*place, channel["name"]) or {}
        told: Document = {}
        if kept:
            told = {"lastStatus": kept["status"], "lastAttemptTime": moment(kept["attempt"])}
            if kept.get("success"):
                told["lastSuccessfulTime"] = moment(kept["success"])
            if kept.get("error"):
                told["lastErrorCode"], told["lastErrorMessage"] = kept["error"]
        return {
            "name": channel["name"],
            "configSnapshotDeliveryInfo": told,
            "configHistoryDeliveryInfo": {"lastStatus": "Not_Applicable"},
            "configStreamDeliveryInfo": {"lastStatus": "Not_Applicable"},
        }


def _no_channel(name: str) -> ApiError:
    return ApiError(
        "NoSuchDeliveryChannelException",
        f"Cannot find delivery channel with specified name '{name}'.",
    )


def _delivered(item: Document) -> Document:
    """Return an item as snapshot files have it."""
    created = item.get("resourceCreationTime")
    return {
        "relatedEvents": [],
        "relationships": [],
        "configuration": item["configuration"],
        "supplementaryConfiguration": item["supplementaryConfiguration"],
        "tags": item["tags"],
        "configurationItemVersion": item["version"],
        "configurationItemCaptureTime": text(item["configurationItemCaptureTime"]),
        "configurationStateId": int(item["configurationStateId"]),
        "awsAccountId": item["accountId"],
        "configurationItemStatus": item["configurationItemStatus"],
        "resourceType": item["resourceType"],
        "resourceId": item["resourceId"],
        "resourceName": item["resourceName"],
        "ARN": item["arn"],
        "awsRegion": item["awsRegion"],
        "availabilityZone": item["availabilityZone"],
        "configurationStateMd5Hash": "",
        **({"resourceCreationTime": text(created)} if created else {}),
    }
