"""An organization's management, in few words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass
class Management:
    """The management account's client, the root, and what tests make in it."""

    client: Any
    root: str
    unique: Any

    def enable(self, kind: str) -> None:
        """Enable a type of policies, which other tests may have done before."""
        root = self.client.list_roots()["Roots"][0]
        if all(enabled["Type"] != kind for enabled in root["PolicyTypes"]):
            self.client.enable_policy_type(RootId=self.root, PolicyType=kind)

    def unit(self, parent: str | None = None) -> str:
        """Make an OU."""
        made = self.client.create_organizational_unit(
            ParentId=parent or self.root, Name=self.unique("unit")
        )
        return str(made["OrganizationalUnit"]["Id"])

    def move(self, account: str, unit: str) -> None:
        """Move an account into an OU."""
        (parent,) = self.client.list_parents(ChildId=account)["Parents"]
        self.client.move_account(
            AccountId=account, SourceParentId=parent["Id"], DestinationParentId=unit
        )

    def policy(self, kind: str, content: Any) -> str:
        """Make a policy."""
        text = content if isinstance(content, str) else json.dumps(content)
        made = self.client.create_policy(
            Name=self.unique("policy"), Description="", Type=kind, Content=text
        )
        return str(made["Policy"]["PolicySummary"]["Id"])

    def attach(self, kind: str, content: Any, target: str) -> str:
        """Make a policy and attach it."""
        made = self.policy(kind, content)
        self.client.attach_policy(PolicyId=made, TargetId=target)
        return made

    def effective(self, account: str, kind: str) -> Any:
        """The content of an account's effective policy."""
        told = self.client.describe_effective_policy(PolicyType=kind, TargetId=account)
        return json.loads(told["EffectivePolicy"]["PolicyContent"])


@pytest.fixture
def management(local_aws, unique) -> Management:
    local_aws.account("organized")
    client = local_aws.client("organizations")
    return Management(client, client.list_roots()["Roots"][0]["Id"], unique)
