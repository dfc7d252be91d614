"""What CloudTrail checks before it takes a trail: its bucket's policy, its organization's leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Platform
from landrail.localaws.services.cloudtrail.membership import Membership, Organization
from landrail.localaws.services.cloudtrail.settings import SERVICE


def check_organization(platform: Platform, membership: Membership, call: ApiCall) -> Organization:
    """Return the organization that the caller may make a trail for; raises ApiError."""
    membership.forget()
    organization = membership.of(call.account)
    if organization is None:
        raise ApiError(
            "OrganizationsNotInUseException", "The account is not a member of an organization."
        )
    if call.account not in (organization.management, *organization.administrators):
        raise ApiError(
            "NotOrganizationMasterAccountException",
            "Only the management account of the organization, or a delegated administrator of "
            "CloudTrail, can make or change a trail of the organization.",
        )
    listed = platform.call(
        SERVICE,
        "organizations",
        "ListAWSServiceAccessForOrganization",
        region="us-east-1",
        account=organization.management,
    )
    trusted = [each["ServicePrincipal"] for each in listed.get("EnabledServicePrincipals") or ()]
    if SERVICE.arn not in trusted:
        raise ApiError(
            "CloudTrailAccessNotEnabledException",
            "Trusted access of CloudTrail is not enabled in the organization.",
        )
    return organization


def check_bucket(
    platform: Platform,
    call: ApiCall,
    trail_arn: str,
    params: Mapping[str, Any],
    membership: Membership,
) -> None:
    """Raise ApiError where the bucket is not there, or its policy does not let CloudTrail in."""
    bucket = str(params.get("S3BucketName") or "")
    context = {"aws:SourceArn": trail_arn, "aws:SourceAccount": call.account}
    try:
        platform.call(
            SERVICE, "s3", "GetBucketAcl", {"Bucket": bucket}, region=call.region, context=context
        )
        middle = ""
        if params.get("IsOrganizationTrail"):
            organization = membership.of(call.account)
            middle = f"{organization.id}/" if organization else ""
        prefix = str(params.get("S3KeyPrefix") or "").strip("/")
        start = f"{prefix}/" if prefix else ""
        platform.authorize(
            SERVICE,
            "s3:PutObject",
            f"arn:aws:s3:::{bucket}/{start}AWSLogs/{middle}{call.account}/CloudTrail/",
            account=call.account,
            region=call.region,
            context={**context, "s3:x-amz-acl": "bucket-owner-full-control"},
        )
    except ApiError as error:
        if error.code == "NoSuchBucket":
            message = f"S3 bucket {bucket} does not exist!"
            raise ApiError("S3BucketDoesNotExistException", message) from error
        raise ApiError(
            "InsufficientS3BucketPolicyException",
            f"Incorrect S3 bucket policy is detected for bucket: {bucket}. {error.message}",
        ) from error
