"""Whether somebody may do something on the local AWS: asked of the gate, without doing it.

The local AWS decides by the policies in force, as it would decide the call; a person of the file
is asked about in the session that `landrail as` would open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.compiler import wanted_of
from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.operations.explain import Explained, explained
from landrail.operations.people import choose, no_account
from landrail.operations.project import Project, open_project
from landrail.operations.server import Server, require
from landrail.operations.signin import account_ids, sign_in
from landrail.operations.target import open_target
from landrail.policy.lint.keys import said_of_unknown
from landrail.policy.reference.keys import global_key

_PATH = "/_landrail/can"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate would decide, explained."""

    allowed: bool
    explained: Explained


def can(file: Path, who: str, action: str, resource: str, context: Sequence[str]) -> Answer:
    """Ask about one action on one resource; `context` are `KEY=VALUE`, repeated for keys of many
    values. Raises Mistakes for what nobody here is or has, and Failure."""
    given = _context(context)
    project = open_project(file)
    if not project.document.target.is_local:
        raise Failure("asking AWS itself is not built yet; `landrail can` asks the local AWS")
    server = require(project.state)
    question = {
        **_asker(project, server, who),
        "action": action,
        "resource": _with_account(project, resource),
        "region": project.document.region,
        "context": given,
    }
    told = server.post(_PATH, question)
    if "error" in told:
        raise Mistakes([Diagnostic(str(told["error"]), told.get("remedy"))])
    service, _, name = str(told["decision"]["action"]).partition(":")
    entry = {
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "userIdentity": {"arn": told["caller"]["arn"], "accountId": told["caller"]["account"]},
        "landrail": told["decision"],
    }
    return Answer(bool(told["allowed"]), explained(project, server, "", entry))


def _asker(project: Project, server: Server, who: str) -> dict[str, str]:
    """Return the caller for the gate: a session that was opened for a person, or an ARN."""
    if "@" not in who or who.startswith("arn:"):
        return {"arn": who}
    wanted = wanted_of(project.document)
    entry = choose(wanted, who)
    session = sign_in(server, open_target(project).entrances, wanted, entry)
    return {"access_key_id": session.credentials.access_key}


def _with_account(project: Project, resource: str) -> str:
    """Put an account's id in the place of its name in an ARN."""
    fields = resource.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn" or fields[4].isdigit() or fields[4] in ("", "aws"):
        return resource
    wanted = wanted_of(project.document)
    ids = account_ids(open_target(project).entrances, wanted)
    if fields[4] not in ids:
        raise no_account(fields[4], wanted, f"`{resource}`: ")
    return ":".join((*fields[:4], ids[fields[4]], fields[5]))


def _context(given: Sequence[str]) -> Mapping[str, Any]:
    """Return the context as the gate takes it; raises Mistakes with every wrong one."""
    context: dict[str, Any] = {}
    wrong: list[Diagnostic] = []
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            remedy = "such as --context aws:SourceVpc=vpc-1"
            wrong.append(Diagnostic(f"--context: `{one}` is not KEY=VALUE", remedy))
            continue
        if (unknown := said_of_unknown(key)) is not None:
            wrong.append(Diagnostic(f"--context: {unknown[0]}", unknown[1]))
            continue
        known = global_key(key.lower())
        if key in context:
            held = context[key]
            context[key] = [*(held if isinstance(held, list) else [held]), value]
        else:
            context[key] = [value] if known is not None and known.many else value
    if wrong:
        raise Mistakes(wrong)
    return context
