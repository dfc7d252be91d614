"""A local AWS that writes down what each of its decisions rests on: for every request that was
decided for a machine, the statements without which it would have been denied.

It decides as any other, by the same engine over the same policies. Beside that, each statement that
allowed is taken away in turn and the request decided again.

    python witness.py landrail.localaws --state FOLDER
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from landrail import __version__
from landrail.localaws.api import Caller
from landrail.localaws.gateway.server import LocalAws
from landrail.localaws.layers import Circumstances, Layers
from landrail.localaws.services import SERVICES
from landrail.policy import (
    ContextValue,
    Decision,
    Document,
    Policies,
    PolicyInForce,
    Request,
    authorize,
)
from landrail.policy.findings import StatementFinding

FILE = "decisions.jsonl"
_SIDES = ("endpoint", "identity", "resource", "trust")


class Witness(Layers):
    """Layers whose decisions are written down."""

    file: Path
    _lock = threading.Lock()

    def decide(
        self,
        caller: Caller,
        action: str,
        resource: str,
        account: str,
        circumstances: Circumstances,
        *,
        context: Mapping[str, ContextValue] | None = None,
        via: str | None = None,
    ) -> Decision:
        """Decide, and write down what of a role's decision was needed."""
        request, policies = self.collect(
            caller, action, resource, account, circumstances, context=context, via=via
        )
        decision = authorize(request, policies)
        if _of_machines(caller, resource):
            self._write(request, policies, decision, via)
        return decision

    def _write(
        self, request: Request, policies: Policies, decision: Decision, via: str | None
    ) -> None:
        who = request.principal
        line = {
            "time": time.time(),
            "role": who.role_arn or who.arn,
            "session": who.session_name,
            "action": request.action,
            "resource": request.resource,
            "owner": request.resource_account,
            "via": via,
            "allowed": decision.allowed,
            **(needed(request, policies, decision) if decision.allowed else {}),
        }
        with self._lock, self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _of_machines(caller: Caller, resource: str) -> bool:
    """Whether it is about a machine of the platform, or a service becoming one."""
    whose = resource if caller.kind == "service" else caller.role_arn or ""
    return ":role/landrail/" in whose and not whose.endswith(("/platform", "/operator"))


def needed(request: Request, policies: Policies, decision: Decision) -> dict[str, Any]:
    """Return the statements each of which, taken away alone, has the request denied; and those of
    which one is enough, so that all must go."""
    found = [one for one in decision.matched if one.effect == "Allow" and one.layer.value in _SIDES]
    alone = [one for one in found if not authorize(request, _without(policies, [one])).allowed]
    shared = [one for one in found if one not in alone]
    if authorize(request, _without(policies, shared)).allowed:
        shared = []
    return {"alone": [_told(one) for one in alone], "shared": [_told(one) for one in shared]}


def _told(one: StatementFinding) -> dict[str, Any]:
    return {
        "layer": one.layer.value,
        "at": one.attached_to,
        "sid": one.sid or str(one.number),
    }


def _without(policies: Policies, taken: Sequence[StatementFinding]) -> Policies:
    """The policies without some statements."""

    def less(policy: PolicyInForce) -> PolicyInForce:
        numbers = frozenset(
            one.number
            for one in taken
            if (one.attached_to, one.policy) == (policy.attached_to, policy.name)
        )
        return replace(policy, document=_less(policy.document, numbers)) if numbers else policy

    return replace(
        policies,
        identity=tuple(less(one) for one in policies.identity),
        endpoint=tuple(less(one) for one in policies.endpoint),
        resource=None if policies.resource is None else less(policies.resource),
    )


_LESS: dict[tuple[Document, frozenset[int]], Document] = {}


def _less(document: Document, numbers: frozenset[int]) -> Document:
    key = (document, numbers)
    if key not in _LESS:
        kept = tuple(one for one in document.statements if one.number not in numbers)
        _LESS[key] = replace(document, statements=kept)
    return _LESS[key]


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
