"""The git remote behind a connection, asked for in the name of the pipeline's account."""

from __future__ import annotations

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.runtimes.remotes import FILE, RemoteError, Remotes, Repository

PRINCIPAL = Caller(kind="service", arn="codepipeline.amazonaws.com", account=None)
SERVICES = ("codeconnections", "codestar-connections")


def find_remote(
    platform: Platform, arn: str, identity: str, account: str, region: str
) -> Repository:
    """Return the repository; raises RemoteError."""
    service = service_of(arn)
    if service is None:
        raise RemoteError("it is no connection's ARN")
    try:
        answer = platform.call(
            PRINCIPAL,
            service,
            "GetConnection",
            {"ConnectionArn": arn},
            region=region,
            account=account,
        )
    except ApiError as error:
        raise RemoteError(error.message) from error
    remotes = Remotes(platform.state)
    base = remotes.base(arn, str(answer["Connection"]["ConnectionName"]))
    if base is None:
        raise RemoteError(
            f"the connection is PENDING: name its git remote in {FILE} of the state folder, or by "
            "`landrail local connection`"
        )
    return remotes.repository(base, identity)


def service_of(arn: str) -> str | None:
    """Return under which name of the service a connection's ARN is, or None for other ARNs."""
    parts = arn.split(":")
    return parts[2] if len(parts) == 6 and parts[2] in SERVICES else None
