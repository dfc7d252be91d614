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
from landrail.compiler.guardrails.choosing import chosen
from landrail.diagnostics import Failure, Mistakes, nearest
from landrail.diagnostics.diagnostic import Diagnostic
from landrail.operations.able import Able, able
from landrail.operations.origins import origin
from landrail.operations.project import Project, open_project
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids
from landrail.operations.target import open_target
from landrail.resources import Wanted

_EVENT = re.compile(r"\[?(?:explain: *)?(?:e-)?([0-9a-f]{4,32})\]?", re.IGNORECASE)
"""An id, also as it is pasted from a denial."""
_LATEST = 5
_NEAR = 100
"""Among how many of the latest denials a mistyped id is looked for."""
_SESSION = re.compile(r"arn:aws:sts::\d{12}:assumed-role/([^/]+)/(.+)")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One decision about a call: `action` on `resource`, and the gate's whole explanation;
    `guardrail` is the one of the file behind the deciding statement, `place` where it is named or
    where the file asks for what the policy is of. `made_by` is the stack that made that policy, and
    `able` are the roles that can do what was denied."""

    action: str
    resource: str | None
    decision: Mapping[str, Any]
    guardrail: str | None
    place: str | None
    made_by: str | None = None
    able: tuple[Able, ...] = ()


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
    """Explain an event by its id (`e-...`) or what it begins with; raises Mistakes for an id that
    is none, and Failure."""
    written = _EVENT.fullmatch(event_id.strip())
    if written is None:
        remedy = "it looks like e-7f3a01c2d4e5 and stands at the end of a denial"
        raise Mistakes([Diagnostic(f"`{event_id}` is not the id of an event", remedy)])
    beginning = f"e-{written[1].lower()}"
    project, server = _opened(file)
    entry = server.get(f"/_landrail/events/{beginning}")
    if entry is None:
        raise Mistakes([Diagnostic(*_unknown(server, beginning))])
    return explained(project, server, str(entry.get("eventID") or beginning), entry)


def explain_last(file: Path) -> Explained:
    """Explain the latest denial; raises Failure where nothing was denied yet."""
    project, server = _opened(file)
    found = _denials(server, 1)
    if not found:
        raise Failure("nothing was denied in this folder's local AWS yet")
    event_id = str(found[0]["event"])
    entry = server.get(f"/_landrail/events/{event_id}") or {}
    return explained(project, server, event_id, entry)


def _opened(file: Path) -> tuple[Project, Server]:
    project = open_project(file)
    if not project.document.target.is_local:
        raise Failure("explaining decisions of AWS itself is not built yet")
    return project, require(project.state)


def _denials(server: Server, most: int) -> list[dict[str, Any]]:
    told = server.get(f"/_landrail/denials?most={most}") or {}
    return list(told.get("denials") or ())


def _unknown(server: Server, event_id: str) -> tuple[str, str]:
    """Return what is wrong with an id that none or several events have, and what to do."""
    latest = _denials(server, _NEAR)
    lines = [
        f"{d['event']}  {d['time']}  {_caller(str(d['who']))[0]}  {d['call']}"
        for d in latest[:_LATEST]
    ]
    near = nearest(event_id, [str(d["event"]) for d in latest])
    said = [f"did you mean `{near}`?"] if near else []
    said += ["the latest denials:", *lines] if lines else ["nothing was denied yet"]
    alike = [str(d["event"]) for d in latest if str(d["event"]).startswith(event_id)]
    if len(alike) > 1:
        return f"several events begin with `{event_id}`", f"such as {', '.join(alike[:_LATEST])}"
    wrong = f"no event of this folder's local AWS begins with `{event_id}`, or more than one"
    return wrong, "\n".join(said)


def explained(
    project: Project, server: Server, event_id: str, entry: Mapping[str, Any]
) -> Explained:
    """Return an entry with the file's words for what decided it."""
    wanted = wanted_of(project.document)
    ids = _ids(project, wanted)
    identity = entry.get("userIdentity", {})
    who, role = _caller(str(identity.get("arn") or identity.get("invokedBy", "somebody")))
    return Explained(
        event_id=event_id,
        server=server,
        entry=entry,
        who=who,
        role=role,
        account=_account_name(ids, identity.get("accountId")),
        conclusions=tuple(_conclusions(project, server, wanted, entry, ids)),
    )


def _caller(arn: str) -> tuple[str, str | None]:
    match = _SESSION.fullmatch(arn)
    return (match[2], match[1]) if match else (arn, None)


def _ids(project: Project, wanted: Wanted) -> dict[str, str]:
    """Return the ids of the accounts by the file's names, as far as they stand."""
    try:
        return account_ids(open_target(project).entrances, wanted)
    except Failure:
        return {}


def _account_name(ids: Mapping[str, str], account_id: object) -> str | None:
    """Return the file's name of an account, its id where it has none."""
    if not isinstance(account_id, str):
        return None
    return {known: name for name, known in ids.items()}.get(account_id, account_id)


def _conclusions(
    project: Project, server: Server, wanted: Wanted, entry: Mapping[str, Any], ids: dict[str, str]
) -> Iterator[Conclusion]:
    fallback = f"{str(entry.get('eventSource', '')).partition('.')[0]}:{entry.get('eventName')}"
    for found in _decisions(entry.get("landrail"), {}):
        action = str(found.get("action") or fallback)
        guardrail, stack, place = _origin(project, wanted, entry, found, ids)
        yield Conclusion(
            action=action,
            resource=found.get("resource"),
            decision=found,
            guardrail=guardrail,
            place=place,
            made_by=stack,
            able=_able(project, server, wanted, entry, found, action, ids),
        )


def _origin(
    project: Project,
    wanted: Wanted,
    entry: Mapping[str, Any],
    found: Mapping[str, Any],
    ids: Mapping[str, str],
) -> tuple[str | None, str | None, str | None]:
    """Return the guardrail behind the deciding statement, or the stack that holds the policies of
    the layer that decided, and the place in the file that asks for it."""
    document = project.document
    guardrail = wanted.guardrail_behind(str(found.get("policy")), str(found.get("sid")))
    if guardrail is not None:
        named = "guardrails" in document.model_fields_set
        place = document.where(*chosen(document).place(guardrail)) if named else None
        return guardrail, None, str(place) if place else None
    made = origin(wanted, entry, found, ids)
    if made is None:
        return None, None, None
    place = document.where(*made.asked_by) if made.asked_by else None
    return None, f"{made.stack} of {made.account}", str(place) if place else None


def _able(
    project: Project,
    server: Server,
    wanted: Wanted,
    entry: Mapping[str, Any],
    found: Mapping[str, Any],
    action: str,
    ids: Mapping[str, str],
) -> tuple[Able, ...]:
    resource = found.get("resource")
    if found["decision"] == "ALLOW" or not isinstance(resource, str):
        return ()
    fields = resource.split(":", 5)
    accounts = {entry.get("userIdentity", {}).get("accountId"), entry.get("recipientAccountId")}
    accounts |= {fields[4]} if len(fields) > 4 else set()
    region = str(entry.get("awsRegion") or project.document.region)
    inside = [a for a in accounts if isinstance(a, str) and a in ids.values()]
    return able(server, wanted, ids, inside, action, resource, region)


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
