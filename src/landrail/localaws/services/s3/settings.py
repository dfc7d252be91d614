"""Settings of buckets and objects that the local AWS does not keep, or that the store cannot tell:
they are answered as AWS answers for a bucket that nobody has set them for.

To set one is refused by name, in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform

_KINDS = ("Analytics", "IntelligentTiering", "Metrics")


class Settings:
    """The operations on such settings."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "GetBucketRequestPayment": self._payer,
            "PutBucketRequestPayment": self._put_payer,
            "GetBucketAbac": self._abac,
            "GetObjectRetention": self._retention,
            "DeleteBucketInventoryConfiguration": self._no_configuration,
            **{f"ListBucket{kind}Configurations": self._none for kind in _KINDS},
            **{f"GetBucket{kind}Configuration": self._no_configuration for kind in _KINDS},
            **{f"DeleteBucket{kind}Configuration": self._no_configuration for kind in _KINDS},
        }

    def _payer(self, call: ApiCall) -> Mapping[str, Any]:
        self._bucket(call)
        return {"Payer": "BucketOwner"}

    def _put_payer(self, call: ApiCall) -> Mapping[str, Any]:
        self._bucket(call)
        if call.params["RequestPaymentConfiguration"]["Payer"] != "BucketOwner":
            raise ApiError(
                "UnsupportedOperation",
                "The local AWS does not have buckets whose requester pays "
                "(s3:PutBucketRequestPayment) yet.",
                501,
            )
        return {}

    def _abac(self, call: ApiCall) -> Mapping[str, Any]:
        self._bucket(call)
        return {"AbacStatus": {"Status": "Disabled"}}

    def _none(self, call: ApiCall) -> Mapping[str, Any]:
        self._bucket(call)
        return {"IsTruncated": False}

    def _no_configuration(self, call: ApiCall) -> Mapping[str, Any]:
        self._bucket(call)
        raise ApiError("NoSuchConfiguration", "The specified configuration does not exist.", 404)

    def _retention(self, call: ApiCall) -> Mapping[str, Any]:
        known = {k: v for k, v in call.params.items() if k in ("Bucket", "Key", "VersionId")}
        head = self._platform.perform(replace(call, operation="HeadObject", params=known))
        if "ObjectLockMode" not in head:
            raise ApiError(
                "NoSuchObjectLockConfiguration",
                "The specified object does not have a ObjectLock configuration",
                404,
            )
        until = head["ObjectLockRetainUntilDate"]
        return {"Retention": {"Mode": head["ObjectLockMode"], "RetainUntilDate": until}}

    def _bucket(self, call: ApiCall) -> None:
        """Raise ApiError NoSuchBucket where there is none."""
        known = {"Bucket": call.params["Bucket"]}
        try:
            self._platform.perform(replace(call, operation="HeadBucket", params=known))
        except ApiError as error:
            raise ApiError("NoSuchBucket", "The specified bucket does not exist", 404) from error
