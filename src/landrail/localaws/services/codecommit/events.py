"""The event that CodeCommit publishes when a branch or tag is made, moved or deleted."""

from __future__ import annotations

from typing import Any

from landrail.localaws.announcing import Origin, announce
from landrail.localaws.api import Caller, Platform
from landrail.localaws.services.codecommit.git import NO_COMMIT


def reference_change(
    record: dict[str, Any], name: str, before: str, after: str, caller: Caller
) -> dict[str, Any]:
    """Return the detail of "CodeCommit Repository State Change" for one ref."""
    kind, short = ("tag", name[10:]) if name.startswith("refs/tags/") else ("branch", name[11:])
    detail: dict[str, Any] = {
        "callerUserArn": caller.arn,
        "referenceFullName": name,
        "referenceName": short,
        "referenceType": kind,
        "repositoryId": record["id"],
        "repositoryName": record["name"],
    }
    if after == NO_COMMIT:
        return {**detail, "event": "referenceDeleted", "oldCommitId": before}
    if before == NO_COMMIT:
        return {**detail, "event": "referenceCreated", "commitId": after}
    return {
        **detail,
        "event": "referenceUpdated",
        "commitId": after,
        "oldCommitId": before,
    }


def publish(platform: Platform, record: dict[str, Any], detail: dict[str, Any]) -> None:
    """Put the event on the account's default bus; a lost event does not undo a push."""
    origin = Origin(record["account"], record["region"], record["arn"])
    announce(platform, "codecommit", origin, "CodeCommit Repository State Change", detail)
