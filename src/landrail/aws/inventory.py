"""What people ask to see of an account: its roles of ours, its registered models, its endpoints.

Read-only, and no part of a plan: what cannot be read is told by name, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.entering import Entrances, NoEntry
from landrail.aws.errors import message
from landrail.aws.sessions import Connection, Identity

ROLE_PATH = "/landrail/"
Reading = tuple[Any, ...] | str
"""What was read, or the reason why it could not be."""


def role_names(entrances: Entrances, account_id: str) -> Reading:
    """Return the names of the platform's roles in an account."""

    def read(connection: Connection, who: Identity) -> tuple[Any, ...]:
        names: list[str] = []
        marker: dict[str, str] = {}
        while True:
            answer = connection.call(who, "iam", "ListRoles", PathPrefix=ROLE_PATH, **marker)
            names += [role["RoleName"] for role in answer["Roles"]]
            if not answer.get("IsTruncated"):
                return tuple(sorted(names))
            marker = {"Marker": answer["Marker"]}

    return _read(entrances, account_id, read)


def model_versions(entrances: Entrances, account_id: str, group: str) -> Reading:
    """Return the versions of a model in the registry, the newest first: `version`, `status`,
    `arn`, `created`."""

    def read(connection: Connection, who: Identity) -> tuple[Any, ...]:
        listed = connection.listed(
            who,
            "sagemaker",
            "ListModelPackages",
            "ModelPackageSummaryList",
            ModelPackageGroupName=group,
        )
        versions = [
            {
                "version": entry.get("ModelPackageVersion"),
                "status": entry.get("ModelApprovalStatus"),
                "arn": entry.get("ModelPackageArn"),
                "created": str(entry.get("CreationTime", "")),
            }
            for entry in listed
        ]
        return tuple(sorted(versions, key=lambda v: v["version"] or 0, reverse=True))

    return _read(entrances, account_id, read)


def endpoints(entrances: Entrances, account_id: str) -> Reading:
    """Return the endpoints of an account: `name`, `status`, `arn`."""

    def read(connection: Connection, who: Identity) -> tuple[Any, ...]:
        listed = connection.listed(who, "sagemaker", "ListEndpoints", "Endpoints")
        return tuple(
            {"name": e["EndpointName"], "status": e["EndpointStatus"], "arn": e["EndpointArn"]}
            for e in listed
        )

    return _read(entrances, account_id, read)


def _read(
    entrances: Entrances,
    account_id: str,
    read: Callable[[Connection, Identity], tuple[Any, ...]],
) -> Reading:
    try:
        return read(entrances.connection, entrances.member(account_id))
    except NoEntry as error:
        return str(error)
    except ClientError as error:
        return message(error)
