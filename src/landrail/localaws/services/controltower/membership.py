"""The organization as Control Tower asks about it: who manages it, its accounts, its OUs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.controltower.acting import Acting, Place


def members(platform: Platform, place: Place) -> frozenset[str]:
    """Return the accounts of the organization but for its management account."""
    listed = Acting(platform, place).listed("ListAccounts", "Accounts")
    return frozenset(str(account["Id"]) for account in listed) - {place.account}


def check_management(platform: Platform, place: Place) -> None:
    """Only the management account governs; raises ApiError."""
    try:
        found = Acting(platform, place).organization("DescribeOrganization")["Organization"]
    except ApiError as error:
        raise ApiError(
            "ValidationException", "The account is not in an organization with all features.", 400
        ) from error
    if found["MasterAccountId"] != place.account:
        raise ApiError(
            "AccessDeniedException",
            "AWS Control Tower is used from the management account of the organization.",
            403,
        )


def unit_id(target: str) -> str:
    """Return the id in the ARN of an OU; raises ApiError for an ARN of anything else."""
    kind, _, rest = target.partition(":ou/")
    if not kind.startswith("arn:aws:organizations::") or "/ou-" not in f"/{rest}":
        raise ApiError(
            "ValidationException",
            f"{target} is not the ARN of an organizational unit.",
            400,
        )
    return rest.rpartition("/")[2]


def accounts_in(acting: Acting, unit: str) -> list[str]:
    """Return the accounts that stand directly in an OU and can be used."""
    listed: Iterator[Any] = acting.listed("ListAccountsForParent", "Accounts", ParentId=unit)
    return sorted(str(a["Id"]) for a in listed if a.get("State", a.get("Status")) == "ACTIVE")


def parents(acting: Acting, child: str) -> Iterator[str]:
    """Yield the OUs above an OU, the nearest first, without the root."""
    while True:
        parent = next(acting.listed("ListParents", "Parents", ChildId=child))
        if parent["Type"] != "ORGANIZATIONAL_UNIT":
            return
        child = str(parent["Id"])
        yield child
