"""Why a call was allowed or denied: the local AWS's own decision, with the file's words for it.

The decision was made and explained by the gate when the call came; here the guardrail and its place
in the file are added, and ids get their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.compiler import wanted_of
from landrail.diagnostics import Failure, Mistakes
from landrail.diagnostics.diagnostic import Diagnostic
from landrail.operations.project import Project, open_project
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids
from landrail.operations.target import open_target
from landrail.resources import Policy, Wanted

_EVENT = re.compile(r"e-[0-9a-f]{4,32}")
_SESSION = re.compile(r"arn:aws:sts::\d{12}:assumed-role/([^/]+)/(.+)")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One decision about a call: `action` on `resource`, and the gate's whole explanation;
    `guardrail` is the one of the file behind the deciding statement, `place` where it is named."""

    action: str
    resource: str | None
    decision: Mapping[str, Any]
    guardrail: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """An event of the local AWS's trail and why it went as it did."""

    event_id: str
    server: Server
    entry: Mapping[str, Any]
    who: str
    role: str | None
    account: str | None
    conclusions: tuple[Conclusion, ...]


def explain(file: Path, event_id: str) -> Explained:
    """Explain an event by its id (`e-...`); raises Mistakes for an id that is none, and Failure."""
    if not _EVENT.fullmatch(event_id):
        remedy = "it looks like e-7f3a01c2d4e5 and stands at the end of a denial"
        raise Mistakes([Diagnostic(f"`{event_id}` is not the id of an event", remedy)])
    project = open_project(file)
    if not project.document.target.is_local:
        raise Failure("explaining decisions of AWS itself is not built yet")
    server = require(project.state)
    entry = server.get(f"/_landrail/events/{event_id}")
    if entry is None:
        raise Failure(f"there is no event `{event_id}` in this folder's local AWS")
    return explained(project, server, event_id, entry)


def explained(
    project: Project, server: Server, event_id: str, entry: Mapping[str, Any]
) -> Explained:
    """Return an entry with the file's words for what decided it."""
    wanted = wanted_of(project.document)
    identity = entry.get("userIdentity", {})
    who, role = _caller(str(identity.get("arn") or identity.get("invokedBy", "somebody")))
    return Explained(
        event_id=event_id,
        server=server,
        entry=entry,
        who=who,
        role=role,
        account=_account_name(project, wanted, identity.get("accountId")),
        conclusions=tuple(_conclusions(project, wanted, entry)),
    )


def _caller(arn: str) -> tuple[str, str | None]:
    match = _SESSION.fullmatch(arn)
    return (match[2], match[1]) if match else (arn, None)


def _account_name(project: Project, wanted: Wanted, account_id: object) -> str | None:
    """Return the file's name of an account, its id where it has none."""
    if not isinstance(account_id, str):
        return None
    try:
        ids = account_ids(open_target(project).entrances, wanted)
    except Failure:
        return account_id
    return {known: name for name, known in ids.items()}.get(account_id, account_id)


def _conclusions(
    project: Project, wanted: Wanted, entry: Mapping[str, Any]
) -> Iterator[Conclusion]:
    behind = {policy.name: policy.statements_from for policy in wanted.of_kind(Policy)}
    fallback = f"{str(entry.get('eventSource', '')).partition('.')[0]}:{entry.get('eventName')}"
    for found in _decisions(entry.get("landrail"), {}):
        guardrail = behind.get(str(found.get("policy")), {}).get(str(found.get("sid")))
        named = guardrail is not None and "guardrails" in project.document.model_fields_set
        place = project.document.where("guardrails") if named else None
        yield Conclusion(
            action=str(found.get("action") or fallback),
            resource=found.get("resource"),
            decision=found,
            guardrail=guardrail,
            place=str(place) if place else None,
        )


def _decisions(value: Any, around: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every decision within the gate's explanation, with action and resource of what is
    around it."""
    if isinstance(value, Mapping):
        named = {key: value[key] for key in ("action", "resource") if key in value}
        context = {**around, **named}
        if "decision" in value and "layers" in value:
            yield {**context, **value}
            return
        for inner in value.values():
            yield from _decisions(inner, context)
    elif isinstance(value, list):
        for inner in value:
            yield from _decisions(inner, around)
