"""What AWS does besides, and moto does not: follow-ups of single operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from landrail.localaws.store.calls import read
from landrail.localaws.store.incoming import Answer

_ROLE = "OrganizationAccountAccessRole"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


class Executor(Protocol):
    """The store, as far as a follow-up needs it."""

    def execute(
        self, account: str, region: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Perform an operation."""


def complete(
    store: Executor,
    service: str,
    operation: str,
    params: Mapping[str, Any],
    answer: Answer,
) -> None:
    """Do what belongs to an operation that has succeeded."""
    if (service, operation) == ("organizations", "CreateAccount"):
        status = read(service, operation, answer)["CreateAccountStatus"]
        if "AccountId" in status:
            # moto makes the role and leaves it without any permission.
            role = params.get("RoleName") or _ROLE
            policy = {"RoleName": role, "PolicyArn": _ADMINISTRATOR}
            store.execute(status["AccountId"], "us-east-1", "iam", "AttachRolePolicy", policy)
