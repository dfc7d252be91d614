"""A trail's settings as the store has them, and what they say about where files go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform

PRINCIPAL = "cloudtrail.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None, user_id=PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Settings:
    """One trail; `organization` is the id of the organization whose accounts it is of, if any."""

    arn: str
    account: str
    region: str
    name: str
    bucket: str
    prefix: str
    key: str
    validated: bool
    everywhere: bool
    globally: bool
    of_organization: bool
    basic: tuple[Mapping[str, Any], ...] = ()
    advanced: tuple[Mapping[str, Any], ...] = ()
    organization: str = field(default="")

    @property
    def context(self) -> Mapping[str, str]:
        """What CloudTrail vouches for in calls for this trail."""
        return {"aws:SourceArn": self.arn, "aws:SourceAccount": self.account}

    def folder(self, account: str) -> str:
        """Return what the keys of an account's files begin with."""
        start = f"{self.prefix}/" if self.prefix else ""
        middle = f"{self.organization}/" if self.organization else ""
        return f"{start}AWSLogs/{middle}{account}"


def own(
    platform: Platform, account: str, region: str, operation: str, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Ask the store about CloudTrail's own settings, which it needs nobody's leave to know; raises
    ApiError."""
    return platform.perform(ApiCall(SERVICE, account, region, "cloudtrail", operation, params))


def read(platform: Platform, account: str, region: str, name: str) -> Settings | None:
    """Return the settings of a trail, or None where it is gone."""
    try:
        trail = own(platform, account, region, "GetTrail", {"Name": name})["Trail"]
        asked = own(platform, account, region, "GetEventSelectors", {"TrailName": name})
    except ApiError as error:
        if error.code.startswith("TrailNotFound"):
            return None
        raise
    basic = tuple(asked.get("EventSelectors") or ())
    return Settings(
        arn=trail["TrailARN"],
        account=account,
        region=region,
        name=name,
        bucket=trail["S3BucketName"],
        prefix=str(trail.get("S3KeyPrefix") or "").strip("/"),
        key=str(trail.get("KmsKeyId") or ""),
        validated=bool(trail.get("LogFileValidationEnabled")),
        everywhere=bool(trail.get("IsMultiRegionTrail")),
        globally=bool(trail.get("IncludeGlobalServiceEvents")),
        of_organization=bool(trail.get("IsOrganizationTrail")),
        basic=basic,
        # Whichever was put last counts; the store forgets the basic ones alone.
        advanced=() if basic else tuple(asked.get("AdvancedEventSelectors") or ()),
    )
