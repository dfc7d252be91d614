"""IAM policies that the account made: what their default version grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import last, tags_of
from landrail.inventory.identities import (
    details,
    document,
    grants_everything,
    grants_whole_service,
    passes_any_role,
)
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for policy in details(ask, "LocalManagedPolicy", "Policies"):
        yield _row(policy)


def _row(policy: Mapping[str, Any]) -> Row:
    versions = policy.get("PolicyVersionList") or ()
    default: Mapping[str, Any] = next((v for v in versions if v.get("IsDefaultVersion")), {})
    granted = document(default.get("Document"))
    return {
        "resource_id": policy.get("PolicyId") or policy["Arn"],
        "resource_name": last(policy["Arn"]),
        "arn": policy["Arn"],
        "created": policy.get("CreateDate"),
        "tags": tags_of(policy.get("Tags")),
        "configuration": {
            "document": granted,
            "path": policy.get("Path"),
            "version": default.get("VersionId"),
        },
        "attachments": policy.get("AttachmentCount"),
        "boundary_of": policy.get("PermissionsBoundaryUsageCount"),
        "grants_everything": grants_everything(granted),
        "grants_whole_service": grants_whole_service(granted),
        "passes_any_role": passes_any_role(granted),
    }


TABLE = Table(
    name="iam_policies",
    resource_type="AWS::IAM::Policy",
    services=("iam",),
    columns=(
        Column("attachments", "integer", "how many identities it is attached to"),
        Column("boundary_of", "integer", "how many identities it is the boundary of"),
        Column("grants_everything", "boolean", "whether it allows `*` on `*`"),
        Column("grants_whole_service", "boolean", "whether it allows all actions of a service"),
        Column("passes_any_role", "boolean", "whether it lets one pass any role to any service"),
    ),
    collect=_collect,
    reads=("iam:GetAccountAuthorizationDetails",),
    is_global=True,
)
