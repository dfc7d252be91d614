"""A local AWS that writes down what each of its decisions rests on: for every request that was
decided for a machine, the allows without which it would have been denied. An allow is one action
(or pattern of actions) of one statement.

It decides as any other, by the same engine over the same policies. Beside that, each allow that
fits the request is taken away in turn and the request decided again.

    python witness.py landrail.localaws --state FOLDER
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from landrail import __version__
from landrail.localaws.gateway.server import LocalAws
from landrail.localaws.layers import Layers
from landrail.localaws.services import SERVICES
from landrail.policy import Decision, Document, Policies, PolicyInForce, Request, authorize
from landrail.policy.document import Statement
from landrail.policy.findings import StatementFinding

FILE = "decisions.jsonl"
_SIDES = ("endpoint", "identity", "resource", "trust")


@dataclass(frozen=True)
class Allow:
    """One action, as a statement writes it, of a statement that allows a request."""

    at: StatementFinding
    action: str

    def told(self) -> dict[str, Any]:
        """Return the plain form."""
        sid = self.at.sid or str(self.at.number)
        layer, place = self.at.layer.value, self.at.attached_to
        return {"layer": layer, "at": place, "sid": sid, "action": self.action}


class Witness(Layers):
    """Layers whose decisions are written down."""

    file: Path
    _lock = threading.Lock()

    def answer(self, request: Request, policies: Policies) -> Decision:
        """Decide, and write down what of a machine's decision was needed."""
        decision = super().answer(request, policies)
        if _of_machines(request):
            who = request.principal
            line = {
                "role": who.role_arn or who.arn,
                "session": who.session_name,
                "action": request.action,
                "resource": request.resource,
                "owner": request.resource_account,
                "allowed": decision.allowed,
                **(needed(request, policies, decision) if decision.allowed else {}),
            }
            with self._lock, self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        return decision


def _of_machines(request: Request) -> bool:
    """Whether it is about a machine of the platform, or a service becoming one."""
    who = request.principal
    whose = request.resource if who.kind == "service" else who.role_arn or ""
    return ":role/landrail/" in whose and not whose.endswith(("/platform", "/operator"))


def needed(request: Request, policies: Policies, decision: Decision) -> dict[str, Any]:
    """Return the allows each of which, taken away alone, has the request denied; and those of which
    one is enough, so that all must go."""
    found = list(_fitting(request, policies, decision))
    alone = [one for one in found if not authorize(request, _without(policies, [one])).allowed]
    shared = [one for one in found if one not in alone]
    if authorize(request, _without(policies, shared)).allowed:
        shared = []
    return {"alone": [one.told() for one in alone], "shared": [one.told() for one in shared]}


def _fitting(request: Request, policies: Policies, decision: Decision) -> Iterator[Allow]:
    for one in decision.matched:
        if one.effect != "Allow" or one.layer.value not in _SIDES:
            continue
        for policy in _in_force(policies):
            for statement in policy.document.statements if _is_of(one, policy) else ():
                if statement.number == one.number:
                    assert not statement.not_action, one
                    yield from (Allow(one, a) for a in statement.actions if _fits(a, request))


def _fits(action: str, request: Request) -> bool:
    return fnmatchcase(request.action.lower(), action.lower())


def _is_of(one: StatementFinding, policy: PolicyInForce) -> bool:
    return (one.attached_to, one.policy) == (policy.attached_to, policy.name)


def _in_force(policies: Policies) -> tuple[PolicyInForce, ...]:
    resource = () if policies.resource is None else (policies.resource,)
    return (*policies.identity, *policies.endpoint, *resource)


def _without(policies: Policies, taken: Sequence[Allow]) -> Policies:
    """The policies without some allows."""

    def less(policy: PolicyInForce) -> PolicyInForce:
        gone = frozenset((o.at.number, o.action) for o in taken if _is_of(o.at, policy))
        return replace(policy, document=_less(policy.document, gone)) if gone else policy

    return replace(
        policies,
        identity=tuple(less(one) for one in policies.identity),
        endpoint=tuple(less(one) for one in policies.endpoint),
        resource=None if policies.resource is None else less(policies.resource),
    )


_LESS: dict[tuple[Document, frozenset[tuple[int, str]]], Document] = {}


def _less(document: Document, gone: frozenset[tuple[int, str]]) -> Document:
    key = (document, gone)
    if key not in _LESS:
        kept = (_reduced(one, gone) for one in document.statements)
        _LESS[key] = replace(document, statements=tuple(one for one in kept if one.actions))
    return _LESS[key]


def _reduced(one: Statement, gone: frozenset[tuple[int, str]]) -> Statement:
    return replace(one, actions=tuple(a for a in one.actions if (one.number, a) not in gone))


def main() -> None:
    """Serve until told to stop."""
    state = Path(sys.argv[3])
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    logging.basicConfig(filename=state / "server.log", level=logging.INFO)
    Witness.file = state / FILE
    local = LocalAws(state, SERVICES, version=__version__, layers_of=Witness)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: local.stop())
    local.run()


if __name__ == "__main__":
    main()
