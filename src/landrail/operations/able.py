"""Who can do what somebody else was denied: the platform's roles, asked of the gate one by one.

Asked without doing it, by the policies in force and without the parameters of the call that was
denied: who needs these too (a tag, a network) may still be denied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.operations.people import Way, ways
from landrail.operations.server import Server
from landrail.resources import Stack, Token, Wanted, substitute

_CAN = "/_landrail/can"
_BY_TOKEN = "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True, slots=True)
class Able:
    """A role that can, and who is in it: people, or the roles and services that enter it."""

    role: str
    account: str
    entered_by: tuple[str, ...]

    @property
    def words(self) -> str:
        """Name it: `role release of retail-uat, entered by role pipeline-... of shared-prod`."""
        by = f", entered by {', '.join(self.entered_by)}" if self.entered_by else ""
        return f"role {self.role} of {self.account}{by}"


def able(
    server: Server,
    wanted: Wanted,
    ids: Mapping[str, str],
    accounts: Sequence[str],
    action: str,
    resource: str,
    region: str,
) -> tuple[Able, ...]:
    """Return the roles of these accounts (ids) that can do an action on a resource."""
    names = {number: name for name, number in ids.items()}
    found: list[Able] = []
    here = [way for way in ways(wanted) if ids.get(way.account) in accounts]
    for way in here:
        arn = f"arn:aws:iam::{ids[way.account]}:role/{way.path}"
        if action == _BY_TOKEN:
            if arn == resource and way.people:
                found.append(Able(way.role, way.account, way.people))
            continue
        asked = {"arn": arn, "action": action, "resource": resource, "region": region}
        if server.post(_CAN, asked).get("allowed"):
            by = way.people or _machines(wanted, way, names)
            found.append(Able(way.role, way.account, by))
    return tuple(found)


def _machines(wanted: Wanted, way: Way, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return who a machine's role trusts, in words."""
    numbers = {Token("account", name): number for number, name in names.items()}
    for stack in wanted.of_kind(Stack):
        if stack.account != way.account:
            continue
        for made in stack.template["Resources"].values():
            properties = made.get("Properties", {})
            if made["Type"] == "AWS::IAM::Role" and properties.get("RoleName") == way.role:
                trust = substitute(properties["AssumeRolePolicyDocument"], numbers)
                return tuple(dict.fromkeys(_trusted(trust["Statement"], names)))
    return ()


def _trusted(statements: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    for statement in statements:
        for kind, given in statement.get("Principal", {}).items():
            for one in [given] if isinstance(given, str) else given:
                if kind == "AWS":
                    fields = one.split(":", 5)
                    role = fields[5].rpartition("/")[2]
                    yield f"role {role} of {names.get(fields[4], fields[4])}"
                elif kind == "Service":
                    yield one
