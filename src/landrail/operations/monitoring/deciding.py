"""One call by one guardrail, in three values: denied, not denied, or not to be told from the trail
and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from landrail.operations.monitoring.records import Seen
from landrail.policy import parse_document
from landrail.policy.document import Document, DocumentKind
from landrail.policy.facts import Facts
from landrail.policy.program import CompiledStatement, program
from landrail.policy.reference.rcp import RCP_SERVICES

_KINDS: Mapping[str, DocumentKind] = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
}


@dataclass(frozen=True)
class Monitored:
    """A policy that would be attached, and the accounts (ids) that it would bind."""

    guardrail: str
    type: str
    document: Mapping[str, Any]
    accounts: frozenset[str]

    @cached_property
    def parsed(self) -> Document:
        """The document, ready to be asked."""
        return parse_document(self.document, kind=_KINDS[self.type])


@dataclass(frozen=True, slots=True)
class Told:
    """What a policy says to a call: the Sid of the statement that denies, or the keys (and
    `resource`) that would have to be known."""

    sid: str | None = None
    unknown: tuple[str, ...] = ()


NOTHING = Told()


def decide(policy: Monitored, seen: Seen) -> Told:
    """Say whether a policy would have denied a call."""
    if not _binds(policy, seen):
        return NOTHING
    unknown: list[str] = []
    for statement in program(policy.parsed).about[seen.action.lower()].denying:
        lacking = _lacking(statement, seen)
        if lacking is None:
            continue
        if not lacking:
            return Told(sid=statement.statement.sid)
        unknown.extend(lacking)
    return Told(unknown=tuple(dict.fromkeys(unknown)))


def _binds(policy: Monitored, seen: Seen) -> bool:
    if policy.type == "SERVICE_CONTROL_POLICY":
        return seen.request.principal.account in policy.accounts
    service = seen.action.partition(":")[0]
    return seen.account in policy.accounts and service in RCP_SERVICES


def _lacking(statement: CompiledStatement, seen: Seen) -> list[str] | None:
    """Return what would have to be known; nothing: it denies; None: it never does."""
    facts = Facts(seen.request)
    lacking: list[str] = []
    for condition in statement.conditions:
        if not seen.knows(condition.key):
            lacking.append(condition.test.key)
        elif not condition.holds(facts):
            return None
    if statement.resource is not None:
        if not seen.resources:
            lacking.append("resource")
        elif not any(statement.resource(Facts(_with(seen, arn))) for arn in seen.resources):
            return None
    return lacking


def _with(seen: Seen, resource: str) -> Any:
    request = seen.request
    return type(request)(request.principal, request.action, resource, None, request.context)
