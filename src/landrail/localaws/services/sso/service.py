"""The operations of Identity Center that do something in accounts; the rest is the store's.

AWS works them off after it has answered; here they are done when it answers, and the status tells
how they went. Source: IAM Identity Center API Reference.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.services.sso import reserved
from landrail.localaws.services.sso.directory import Directory, PermissionSet, Place
from landrail.localaws.services.sso.portal import Portal
from landrail.localaws.store import Assertions, Blobs, Table, Tables

_NEW, _OLD, _PROVISIONED = "creation", "deletion", "provisioning"


class IdentityCenter(Answering):
    """Assignments and what they provision."""

    name = "sso-admin"
    owned = False

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._roles = tables.table("sso.roles")
        self._boundaries = tables.table("sso.boundaries")
        self._statuses = _Statuses(tables.table("sso.statuses"))
        self._lock = threading.RLock()
        self.doors: Mapping[str, Door] = Portal(platform, self._roles, Assertions(tables)).doors
        self.operations: Mapping[str, Operation] = {
            "CreateAccountAssignment": self.create_assignment,
            "DeleteAccountAssignment": self.delete_assignment,
            "ProvisionPermissionSet": self.provision,
            "DeletePermissionSet": self.delete_permission_set,
            "DescribeAccountAssignmentCreationStatus": self._describe(_NEW),
            "DescribeAccountAssignmentDeletionStatus": self._describe(_OLD),
            "DescribePermissionSetProvisioningStatus": self._describe(_PROVISIONED),
            "ListAccountAssignmentCreationStatus": self._list(_NEW),
            "ListAccountAssignmentDeletionStatus": self._list(_OLD),
            "ListPermissionSetProvisioningStatus": self._list(_PROVISIONED),
            "ListPermissionSetsProvisionedToAccount": self.sets_in_account,
            "ListAccountsForProvisionedPermissionSet": self.accounts_of_set,
            "PutPermissionsBoundaryToPermissionSet": self.put_boundary,
            "GetPermissionsBoundaryForPermissionSet": self.get_boundary,
            "DeletePermissionsBoundaryFromPermissionSet": self.delete_boundary,
        }

    def create_assignment(self, call: ApiCall) -> Mapping[str, Any]:
        """Give a user or group a permission set in an account."""
        directory, wanted = self._checked(call)
        params = call.params
        who = str(params["PrincipalType"]), str(params["PrincipalId"])
        if not directory.has_principal(wanted.instance, *who):
            raise ApiError("ResourceNotFoundException", f"{who[0]} {who[1]} does not exist.", 400)
        account = str(params["TargetId"])
        with self._lock:
            failure = self._provision(call, wanted, account)
            known = directory.assigned(wanted.instance, wanted.arn, account)
            if failure is None and who not in set(known):
                self._platform.perform(call)
        return {"AccountAssignmentCreationStatus": self._statuses.add(call, _NEW, failure)}

    def delete_assignment(self, call: ApiCall) -> Mapping[str, Any]:
        """Take it back; with the last assignment the account's role goes."""
        directory, wanted = self._checked(call)
        account = str(call.params["TargetId"])
        with self._lock:
            self._platform.perform(call)
            if not any(directory.assigned(wanted.instance, wanted.arn, account)):
                kept = self._roles.get(account, wanted.arn)
                if kept is not None:
                    reserved.remove(self._platform, account, kept["role"])
                    self._roles.delete(account, wanted.arn)
        return {"AccountAssignmentDeletionStatus": self._statuses.add(call, _OLD, None)}

    def provision(self, call: ApiCall) -> Mapping[str, Any]:
        """Bring the roles of a permission set up to date in one account, or in all that have it."""
        _, wanted = self._checked(call)
        every = [account for account, _ in self._having(wanted.arn)]
        accounts = (
            every
            if call.params["TargetType"] == "ALL_PROVISIONED_ACCOUNTS"
            else [str(call.params.get("TargetId"))]
        )
        failures = []
        with self._lock:
            for account in accounts:
                if account not in every:
                    raise ApiError(
                        "ResourceNotFoundException",
                        f"{wanted.arn} is not provisioned to {account}.",
                        400,
                    )
                failures.append(self._provision(call, wanted, account))
        failure = next((one for one in failures if one is not None), None)
        return {"PermissionSetProvisioningStatus": self._statuses.add(call, _PROVISIONED, failure)}

    def delete_permission_set(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a permission set that no account has."""
        if any(True for _ in self._having(str(call.params["PermissionSetArn"]))):
            raise ApiError(
                "ConflictException",
                "The permission set is provisioned to accounts; delete its assignments first.",
            )
        self._boundaries.delete(str(call.params["PermissionSetArn"]))
        return self._platform.perform(call)

    def sets_in_account(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the permission sets that an account has."""
        found = self._roles.scan(str(call.params["AccountId"]))
        return {"PermissionSets": [arn for (_, arn), _ in found]}

    def accounts_of_set(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the accounts that have a permission set."""
        found = self._having(str(call.params["PermissionSetArn"]))
        return {"AccountIds": [account for account, _ in found]}

    def put_boundary(self, call: ApiCall) -> Mapping[str, Any]:
        """Set the boundary that the roles of a permission set get."""
        arn, boundary = self._existing(call), dict(call.params["PermissionsBoundary"])
        if ("ManagedPolicyArn" in boundary) == ("CustomerManagedPolicyReference" in boundary):
            raise ApiError(
                "ValidationException",
                "Exactly one of ManagedPolicyArn and CustomerManagedPolicyReference is needed.",
            )
        self._boundaries.put(arn, value=boundary)
        return {}

    def get_boundary(self, call: ApiCall) -> Mapping[str, Any]:
        """Return it."""
        found = self._boundaries.get(self._existing(call))
        if found is None:
            raise ApiError(
                "ResourceNotFoundException", "The permission set has no permissions boundary.", 400
            )
        return {"PermissionsBoundary": found}

    def delete_boundary(self, call: ApiCall) -> Mapping[str, Any]:
        """Take it away."""
        self._boundaries.delete(self._existing(call))
        return {}

    def _existing(self, call: ApiCall) -> str:
        directory = Directory(self._platform, Place(call.account, call.region))
        found = directory.permission_set(
            str(call.params["InstanceArn"]), str(call.params["PermissionSetArn"])
        )
        return found.arn

    def _checked(self, call: ApiCall) -> tuple[Directory, PermissionSet]:
        """Only the organization's own instance assigns accounts."""
        params = call.params
        directory = Directory(self._platform, Place(call.account, call.region))
        if directory.management_account() != call.account:
            raise ApiError(
                "AccessDeniedException",
                "Accounts are assigned in the management account of the organization.",
            )
        directory.identity_store(str(params["InstanceArn"]))
        found = directory.permission_set(
            str(params["InstanceArn"]), str(params["PermissionSetArn"])
        )
        kind, target = params.get("TargetType"), params.get("TargetId")
        if kind == "AWS_ACCOUNT" and not directory.has_account(str(target)):
            raise ApiError("ResourceNotFoundException", f"Account {target} does not exist.", 400)
        return directory, found

    def _provision(self, call: ApiCall, wanted: PermissionSet, account: str) -> str | None:
        """Make the account's role what the permission set says; return why that failed."""
        kept = self._roles.get(account, wanted.arn)
        boundary = self._boundaries.get(wanted.arn)
        role = kept["role"] if kept else None
        try:
            made = reserved.provision(self._platform, account, call.region, wanted, boundary, role)
        except ApiError as error:
            return f"Received a {error.status} status error: {error.message}"
        value = {
            "role": made,
            "name": wanted.name,
            "instance": wanted.instance,
            "admin": call.account,
            "region": call.region,
        }
        self._roles.put(account, wanted.arn, value=value)
        return None

    def _having(self, arn: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((key[0], value) for key, value in self._roles.scan() if key[1] == arn)

    def _describe(self, kind: str) -> Operation:
        return lambda call: self._statuses.describe(call, kind)

    def _list(self, kind: str) -> Operation:
        return lambda call: self._statuses.list(call, kind)


_NAMES = {
    _NEW: ("AccountAssignmentCreationStatus", "AccountAssignmentsCreationStatus"),
    _OLD: ("AccountAssignmentDeletionStatus", "AccountAssignmentsDeletionStatus"),
    _PROVISIONED: ("PermissionSetProvisioningStatus", "PermissionSetsProvisioningStatus"),
}
_SHOWN = ("TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId")


class _Statuses:
    """How each request went, by its id."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, call: ApiCall, kind: str, failure: str | None) -> Mapping[str, Any]:
        """Keep how a request went, and return it."""
        status: dict[str, Any] = {
            "Status": "SUCCEEDED" if failure is None else "FAILED",
            "RequestId": str(uuid.uuid4()),
            "CreatedDate": time.time(),
            **{name: call.params[name] for name in _SHOWN if call.params.get(name)},
        }
        if kind == _PROVISIONED:
            status["AccountId"] = status.pop("TargetId", None)
            status.pop("TargetType", None)
        if failure is not None:
            status["FailureReason"] = failure
        status = {key: value for key, value in status.items() if value is not None}
        self._table.put(kind, str(call.params["InstanceArn"]), status["RequestId"], value=status)
        return _dated(status)

    def describe(self, call: ApiCall, kind: str) -> Mapping[str, Any]:
        """Return how a request went."""
        name = _NAMES[kind][0]
        parameter = (
            "ProvisionPermissionSetRequestId"
            if kind == _PROVISIONED
            else f"AccountAssignment{kind.title()}RequestId"
        )
        identifier = str(call.params[parameter])
        found = self._table.get(kind, str(call.params["InstanceArn"]), identifier)
        if found is None:
            raise ApiError(
                "ResourceNotFoundException", f"Request {identifier} does not exist.", 400
            )
        return {name: _dated(found)}

    def list(self, call: ApiCall, kind: str) -> Mapping[str, Any]:
        """Return how all requests of an instance went."""
        wanted = (call.params.get("Filter") or {}).get("Status")
        shown = ("Status", "RequestId", "CreatedDate")
        found = [
            _dated({name: value[name] for name in shown})
            for _, value in self._table.scan(kind, str(call.params["InstanceArn"]))
            if wanted in (None, value["Status"])
        ]
        return {_NAMES[kind][1]: found}


def _dated(status: Mapping[str, Any]) -> dict[str, Any]:
    return {**status, "CreatedDate": datetime.fromtimestamp(status["CreatedDate"], UTC)}


def build(platform: Platform, tables: Tables, blobs: Blobs) -> IdentityCenter:
    """Build the service."""
    del blobs
    return IdentityCenter(platform, tables)
