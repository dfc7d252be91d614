"""Execution roles: entered as SageMaker, and the credentials that a container gets of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Credentials, Listener, Origin, Platform
from landrail.localaws.services.sagemaker.validation import invalid

PRINCIPAL = "sagemaker.amazonaws.com"
_LONGEST = 12 * 3600


def enter(platform: Platform, role_arn: str, arn: str, *, duration: int = 3600) -> Credentials:
    """Enter a role for the job, model or endpoint of this ARN; raises ApiError as AWS words it."""
    context = {"aws:SourceArn": arn, "aws:SourceAccount": arn.split(":")[4]}
    try:
        return platform.assume(
            PRINCIPAL, role_arn, "SageMaker", context=context, duration=min(duration, _LONGEST)
        )
    except ApiError as error:
        raise invalid(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows "
            f"principal '{PRINCIPAL}' to assume the role. ({error.message})"
        ) from error


def check_own(call: ApiCall, role_arn: str) -> None:
    """Raise ApiError for a role of another account, which cannot be passed."""
    if role_arn.split(":")[4] != call.account:
        raise invalid("Cross-account pass role is not allowed.")


def place_of(
    platform: Platform, account: str, region: str, vpc: Mapping[str, Any] | None
) -> Origin:
    """Return where a container with this VpcConfig, or none, calls from; raises ApiError."""
    subnets = (vpc or {}).get("Subnets") or ()
    try:
        return platform.origin(account, region, subnets)
    except ApiError as error:
        raise invalid(error.message) from error


def variables(
    credentials: Credentials | None, region: str, listener: Listener | None
) -> Mapping[str, str]:
    """Return the AWS variables of a container; without credentials where it has no network."""
    place = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    if credentials is None or listener is None:
        return place
    return {
        **place,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "AWS_ENDPOINT_URL": listener.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
