"""Trying the matrix: everybody's credentials, what the acts are about, and the calls.

People sign in. Machines have roles that only services enter; here break-glass, whom the guardrails
exempt, adds itself to such a role's trust for a moment: what the role may do is untouched by that.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from landrail.aws.entering import loaded
from landrail.aws.sessions import Identity
from landrail.operations.people import choose, ways
from landrail.operations.signin import sign_in

from .conftest import REGION, Platform
from .matrix_data import Act, Step, Table

_EVENT = re.compile(r"\[explain: (e-[0-9a-f]+)\]")
_LOGS = "log-archive"
_DENIED = frozenset({"EXPLICIT_DENY", "IMPLICIT_DENY"})


@dataclass(frozen=True)
class Cell:
    """One cell, tried: what came of it. `event` is that of the denial."""

    kind: str
    act: str
    role: str
    code: str | None
    message: str
    event: str | None


@dataclass
class Stage:
    """The platform, and who acts on it."""

    platform: Platform
    identities: dict[tuple[str, str], Identity] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def call(self, who: Identity, step: Step, facts: dict[str, str]) -> dict[str, Any]:
        """Make a call with its texts filled in; raises ClientError."""
        service, _, operation = step.call.partition(":")
        given = filled(step.params, {**self.platform.ids, **self.facts, **facts})
        connection = self.platform.target.entrances.connection
        return dict(connection.call(who, service, operation, **given))

    def do(self, who: Identity, call: str, **params: Any) -> dict[str, Any]:
        """Make one call."""
        return self.call(who, Step(call, params), {})

    def identity(self, account: str, role: str) -> Identity:
        """The credentials of a role, of people or of machines."""
        key = (account, role)
        if key not in self.identities:
            self.identities[key] = self._entered(account, role)
        return self.identities[key]

    def _entered(self, account: str, role: str) -> Identity:
        platform = self.platform
        way = next(w for w in ways(platform.wanted) if (w.account, w.role) == (account, role))
        if way.people:
            entry = choose(platform.wanted, f"{way.people[0]}/{role}@{account}")
            session = sign_in(platform.server, platform.target.entrances, platform.wanted, entry)
            return fixed(f"{role}@{account}", session.credentials)
        if role == "platform":
            operator = self.identity("management", "operator")
            return self._assumed(operator, account, role)
        return self._through_trust(account, role)

    def _through_trust(self, account: str, role: str) -> Identity:
        keeper = self.identity(account, "break-glass")
        iam = self.do(keeper, "iam:GetRole", RoleName=role)["Role"]
        trust = iam["AssumeRolePolicyDocument"]
        arn = f"arn:aws:iam::{self.platform.ids[account]}:role/landrail/break-glass"
        opened = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
        changed = {**trust, "Statement": [*trust["Statement"], opened]}
        self.do(
            keeper,
            "iam:UpdateAssumeRolePolicy",
            RoleName=role,
            PolicyDocument=json.dumps(changed),
        )
        try:
            return self._assumed(keeper, account, role)
        finally:
            self.do(
                keeper,
                "iam:UpdateAssumeRolePolicy",
                RoleName=role,
                PolicyDocument=json.dumps(trust),
            )

    def _assumed(self, who: Identity, account: str, role: str) -> Identity:
        arn = f"arn:aws:iam::{self.platform.ids[account]}:role/landrail/{role}"
        answer = self.do(who, "sts:AssumeRole", RoleArn=arn, RoleSessionName="matrix")
        return fixed(f"{role}@{account}", loaded(answer)[0])


def fixed(name: str, credentials: Credentials) -> Identity:
    """An identity of credentials that last as long as the tests."""
    return Identity(name, lambda: (credentials, time.time() + 3600))


def filled(value: Any, facts: dict[str, str]) -> Any:
    """The value with `{names}` filled in."""
    if isinstance(value, str):
        return re.sub(r"\{([a-z-]+)\}", lambda m: facts.get(m[1], m[0]), value)
    if isinstance(value, dict):
        return {key: filled(each, facts) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, facts) for each in value]
    return value


def of_standing_roles(stage: Stage, table: Table) -> Table:
    """The table with the roles that the platform has made: recorders of Control Tower's have roles
    of its own."""
    built = {way.role for way in ways(stage.platform.wanted) if way.account == table.account}
    roles = tuple(role for role in table.roles if role in built)
    rows = {name: {role: row[role] for role in roles} for name, row in table.rows.items()}
    return replace(table, roles=roles, rows=rows)


def tried(stage: Stage, table: Table, acts: dict[str, Act]) -> list[Cell]:
    """Try every cell of a kind of account."""
    facts = facts_of(stage, table)
    for role in table.roles:
        stage.identity(table.account, role)
    with ThreadPoolExecutor(2) as threads:
        rows = threads.map(
            lambda name: list(_row(stage, table, acts[name], facts)), tuple(table.rows)
        )
        return [cell for row in rows for cell in row]


def facts_of(stage: Stage, table: Table) -> dict[str, str]:
    account = stage.platform.ids[table.account]
    facts = {"account": account, "region": REGION, "recorder": _recorder(stage, table.account)}
    facts |= {name: filled(value, facts) for name, value in table.facts.items()}
    key = f"{facts.get('folder', '')}matrix"
    return {**facts, "object": stage.facts.get("delivered", "") if table.kind == _LOGS else key}


def _recorder(stage: Stage, account: str) -> str:
    """The name of the account's recorder: the platform's, or that of Control Tower."""
    keeper = stage.identity(account, "break-glass")
    found = stage.do(keeper, "config:DescribeConfigurationRecorders")["ConfigurationRecorders"]
    return str(found[0]["name"])


def _row(stage: Stage, table: Table, act: Act, facts: dict[str, str]) -> Iterator[Cell]:
    keeper = stage.identity(table.account, "break-glass")
    if act.before is not None:
        with contextlib.suppress(ClientError):
            # Made for those who are denied; what is made once may be there from before.
            stage.call(keeper, act.before, {**facts, "cell": "matrix-denied"})
    for role in table.roles:
        may = table.rows[act.name][role]
        cell = {**facts, "cell": f"matrix-{uuid.uuid4().hex[:12]}" if may else "matrix-denied"}
        if may and act.before is not None and not act.before.once:
            stage.call(keeper, act.before, cell)
        yield _tried(stage, table, act, role, cell)
        if may and act.after is not None:
            stage.call(keeper, act.after, cell)


def _tried(stage: Stage, table: Table, act: Act, role: str, facts: dict[str, str]) -> Cell:
    try:
        stage.call(stage.identity(table.account, role), act.step, facts)
    except ClientError as error:
        said = error.response["Error"]
        message = str(said.get("Message", ""))
        found = _EVENT.search(message)
        code = str(said["Code"])
        return Cell(table.kind, act.name, role, code, message, found[1] if found else None)
    return Cell(table.kind, act.name, role, None, "", None)


def wrong(stage: Stage, table: Table, cells: list[Cell]) -> list[str]:
    """Return what is not as the table has it: a call that failed for another reason than a denial
    by a policy is wrong in both."""
    trail = _decisions(stage, {c.event for c in cells if c.event})
    found = []
    for cell in cells:
        may = table.rows[cell.act][cell.role]
        decision = trail.get(cell.event or "", {})
        denied = decision.get("decision") in _DENIED and bool(decision.get("layer"))
        if cell.code is not None and not denied:
            found.append(f"{_at(cell)} failed, but by no policy: {cell.code} {cell.message}")
        elif denied == may:
            said = decision.get("reason") if denied else "allowed"
            found.append(f"{_at(cell)} must be {'allowed' if may else 'denied'}: {said}")
    return found


def _at(cell: Cell) -> str:
    return f"{cell.kind}: {cell.role} {cell.act}"


def _decisions(stage: Stage, events: set[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    path = stage.platform.server.state / "trail.jsonl"
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line[12:28].partition('"')[0] in events:
                entry = json.loads(line)
                found[entry["eventID"]] = entry["landrail"]
    return found
