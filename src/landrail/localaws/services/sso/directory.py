"""What Identity Center has on record: permission sets, assignments, users and their groups.

All of it is the store's, read here as the service's own data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform

PRINCIPAL = "sso.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None, user_id=PRINCIPAL)
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")

_OWN = ("sso-admin", "identitystore")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance of Identity Center is: its account and region."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set with its policies."""

    arn: str
    instance: str
    name: str
    description: str
    seconds: int
    inline: str
    managed: tuple[str, ...]
    customer: tuple[tuple[str, str], ...]


class Directory:
    """Reads the records of one instance."""

    def __init__(self, platform: Platform, place: Place) -> None:
        self._platform = platform
        self._place = place

    def ask(self, service: str, operation: str, **params: Any) -> Mapping[str, Any]:
        """Read in the instance's account and region: its own records from the store, what other
        services know as the service that it is."""
        if service not in _OWN:
            return self._platform.call(
                SERVICE,
                service,
                operation,
                params,
                region=self._place.region,
                account=self._place.account,
            )
        call = ApiCall(SERVICE, self._place.account, self._place.region, service, operation, params)
        return self._platform.perform(call)

    def management_account(self) -> str | None:
        """Return the organization's management account, as this account knows it."""
        try:
            found = self.ask("organizations", "DescribeOrganization")["Organization"]
        except ApiError:
            return None
        return str(found["MasterAccountId"])

    def has_account(self, account: str) -> bool:
        """Say whether an account is in the organization."""
        try:
            self.ask("organizations", "DescribeAccount", AccountId=account)
        except ApiError:
            return False
        return True

    def identity_store(self, instance: str) -> str:
        """Return the identity store of an instance; raises ApiError for one that is not here."""
        for found in self.ask("sso-admin", "ListInstances")["Instances"]:
            if found["InstanceArn"] == instance:
                return str(found["IdentityStoreId"])
        raise ApiError("ResourceNotFoundException", f"Instance {instance} does not exist.", 400)

    def permission_set(self, instance: str, arn: str) -> PermissionSet:
        """Return a permission set; raises ApiError for one that is not there."""
        known = {"InstanceArn": instance, "PermissionSetArn": arn}
        found = self.ask("sso-admin", "DescribePermissionSet", **known)["PermissionSet"]
        inline = self.ask("sso-admin", "GetInlinePolicyForPermissionSet", **known)
        managed = self.ask("sso-admin", "ListManagedPoliciesInPermissionSet", **known)
        customer = self.ask(
            "sso-admin", "ListCustomerManagedPolicyReferencesInPermissionSet", **known
        )
        return PermissionSet(
            arn,
            instance,
            str(found["Name"]),
            str(found.get("Description") or ""),
            seconds(str(found.get("SessionDuration") or "PT1H")),
            str(inline.get("InlinePolicy") or ""),
            tuple(p["Arn"] for p in managed.get("AttachedManagedPolicies", ())),
            tuple(
                (str(p.get("Path") or "/"), str(p["Name"]))
                for p in customer.get("CustomerManagedPolicyReferences", ())
            ),
        )

    def assigned(self, instance: str, arn: str, account: str) -> Iterator[tuple[str, str]]:
        """Yield the type and id of each principal that has a permission set in an account."""
        for found in self._pages(
            "sso-admin",
            "ListAccountAssignments",
            "AccountAssignments",
            InstanceArn=instance,
            PermissionSetArn=arn,
            AccountId=account,
        ):
            yield str(found["PrincipalType"]), str(found["PrincipalId"])

    def has_principal(self, instance: str, kind: str, identifier: str) -> bool:
        """Say whether a user or group is in the identity store."""
        store = self.identity_store(instance)
        operation, name = (
            ("DescribeUser", "UserId")
            if kind == "USER"
            else (
                "DescribeGroup",
                "GroupId",
            )
        )
        try:
            self.ask("identitystore", operation, IdentityStoreId=store, **{name: identifier})
        except ApiError:
            return False
        return True

    def principals_of(self, instance: str, user_name: str) -> set[tuple[str, str]]:
        """Return the principals that a user is: itself and its groups; none for a stranger."""
        store = self.identity_store(instance)
        users = self._pages("identitystore", "ListUsers", "Users", IdentityStoreId=store)
        user = next((u for u in users if u["UserName"] == user_name), None)
        if user is None:
            return set()
        memberships = self._pages(
            "identitystore",
            "ListGroupMembershipsForMember",
            "GroupMemberships",
            IdentityStoreId=store,
            MemberId={"UserId": user["UserId"]},
        )
        groups = {("GROUP", str(one["GroupId"])) for one in memberships}
        return {("USER", str(user["UserId"])), *groups}

    def _pages(self, service: str, operation: str, key: str, **params: Any) -> Iterator[Any]:
        token: dict[str, Any] = {}
        while True:
            answer = self.ask(service, operation, **params, **token)
            yield from answer.get(key) or ()
            following = answer.get("NextToken")
            if not following:
                return
            token = {"NextToken": following}


def seconds(duration: str) -> int:
    """Return how long a session lasts, of a duration of ISO 8601 or a number."""
    if duration.isdigit():
        return int(duration)
    match = _DURATION.fullmatch(duration)
    if match is None or duration == "PT":
        return 3600
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return max(900, min(43200, hours * 3600 + minutes * 60 + rest))
