"""The airline's platform, really applied to a local AWS of its own, and calls of people on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.sessions import Identity
from landrail.compiler import wanted_of
from landrail.operations.apply import apply_plan
from landrail.operations.enter import enter
from landrail.operations.performing import Result
from landrail.operations.plan import prepare
from landrail.operations.project import open_project
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids
from landrail.operations.target import Target, open_target
from landrail.resources import Account, Wanted

PEOPLE = {"break-glass": "olga", "administrator": "adam"}
_EVENT = re.compile(r"\[explain: (e-\w+)\]")


@dataclass(frozen=True)
class Refusal:
    """An error of a call: `guardrail` is the one that denied it, where one did."""

    code: str
    message: str
    layer: str = ""
    guardrail: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.message} ({self.layer or 'no policy'} {self.guardrail})"


@dataclass
class Airline:
    """The platform under test."""

    file: Path
    identities: dict[str, Identity] = field(default_factory=dict)

    def apply(self) -> Result:
        """Make it."""
        return apply_plan(prepare(self.file, start=True))

    @cached_property
    def wanted(self) -> Wanted:
        """What the file asks for."""
        return wanted_of(open_project(self.file).document)

    @cached_property
    def server(self) -> Server:
        """The local AWS."""
        return require(open_project(self.file).state)

    @cached_property
    def target(self) -> Target:
        """The way there."""
        return open_target(open_project(self.file))

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Ids of accounts by the file's names."""
        return account_ids(self.target.entrances, self.wanted)

    def kind(self, account: str) -> str:
        """The kind of an account."""
        return next(a.kind for a in self.wanted.of_kind(Account) if a.name == account)

    def call(
        self, who: str, service: str, operation: str, given: Mapping[str, Any]
    ) -> dict[str, Any] | Refusal:
        """Make a call as `ROLE@ACCOUNT`, or as `nobody`, without a signature."""
        connection = self.target.entrances.connection
        try:
            if who == "nobody":
                return connection.anonymous(service, operation, **given)
            return connection.call(self._identity(who), service, operation, **given)
        except ClientError as error:
            return self._refusal(error)

    def _identity(self, who: str) -> Identity:
        if who not in self.identities:
            role, _, account = who.partition("@")
            session = enter(self.file, f"{PEOPLE[role]}/{role}@{account}").session
            held = (session.credentials, session.expires)
            self.identities[who] = Identity(who, lambda: held)
        return self.identities[who]

    def _refusal(self, error: ClientError) -> Refusal:
        said = error.response["Error"]
        code, message = str(said["Code"]), str(said.get("Message", ""))
        found = _EVENT.search(message)
        entry = self.server.get(f"/_landrail/events/{found[1]}") if found else None
        for decision in _decisions((entry or {}).get("landrail")):
            behind = self.wanted.guardrail_behind(
                str(decision.get("policy")), str(decision.get("sid"))
            )
            return Refusal(code, message, str(decision.get("layer") or ""), behind or "")
        return Refusal(code, message)


def _decisions(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the denials within the gate's explanation."""
    if isinstance(value, Mapping):
        if "decision" in value and "layers" in value:
            if value["decision"] != "ALLOW":
                yield value
            return
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _decisions(inner)
