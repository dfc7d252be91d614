"""What a rule may ask of a bucket, read as the Config service's own role, each at most once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform

PRINCIPAL = "config.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None)
_ABSENT = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


class Gone(Exception):
    """The bucket is not there (any more)."""


class Bucket:
    """One bucket of an account and region."""

    def __init__(self, platform: Platform, account: str, region: str, name: str) -> None:
        """Nothing is read before a rule asks; reading raises ApiError, or Gone."""
        self._platform, self._account, self._region = platform, account, region
        self.name = name

    @property
    def account(self) -> str:
        """The account that owns it."""
        return self._account

    @cached_property
    def region(self) -> str:
        """Where it is."""
        return str(self._s3("GetBucketLocation").get("LocationConstraint") or "us-east-1")

    @cached_property
    def policy(self) -> Mapping[str, Any] | None:
        """Its policy."""
        text = self._s3("GetBucketPolicy").get("Policy")
        found: Mapping[str, Any] | None = json.loads(text) if text else None
        return found

    @cached_property
    def grants(self) -> tuple[tuple[str, str], ...]:
        """The grants of its ACL, as group URI (or other grantee) and permission; none where the
        bucket's owner has turned ACLs off."""
        controls = self._s3("GetBucketOwnershipControls").get("OwnershipControls") or {}
        rules = controls.get("Rules") or ()
        if any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules):
            return ()
        return tuple(
            (grant["Grantee"].get("URI") or grant["Grantee"].get("ID", ""), grant["Permission"])
            for grant in self._s3("GetBucketAcl").get("Grants") or ()
        )

    @cached_property
    def blocks(self) -> frozenset[str]:
        """The public-access blocks in force: its own and its account's together."""
        own = self._s3("GetPublicAccessBlock").get("PublicAccessBlockConfiguration") or {}
        account = self._call("s3control", "GetPublicAccessBlock", {"AccountId": self._account})
        both = (own, account.get("PublicAccessBlockConfiguration") or {})
        return frozenset(name for settings in both for name, on in settings.items() if on)

    @cached_property
    def encryption(self) -> tuple[Mapping[str, Any], ...]:
        """The rules of its default encryption."""
        found = self._s3("GetBucketEncryption").get("ServerSideEncryptionConfiguration") or {}
        return tuple(found.get("Rules") or ())

    @cached_property
    def versioning(self) -> Mapping[str, Any]:
        """Its versioning: `Status` and `MFADelete`."""
        return self._s3("GetBucketVersioning")

    def _s3(self, operation: str) -> dict[str, Any]:
        return self._call("s3", operation, {"Bucket": self.name})

    def _call(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._platform.call(
                SERVICE, service, operation, params, region=self._region, account=self._account
            )
        except ApiError as error:
            if error.code == "NoSuchBucket":
                raise Gone(self.name) from error
            if error.code in _ABSENT:
                return {}
            raise
