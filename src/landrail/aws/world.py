"""What is known of the platform while an apply runs: ids and outputs, growing as things are made.

Shared by the threads of the walk. It holds no decision: only names turned into ids.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from landrail.aws.entering import Entrances
from landrail.aws.errors import ChangeFailed
from landrail.plan.known import known_values, unknown_tokens
from landrail.plan.observed import Observed
from landrail.resources import Token, Wanted, substitute


class World:
    """The ids of everything, and the way in."""

    def __init__(self, entrances: Entrances, wanted: Wanted, observed: Observed) -> None:
        self.entrances = entrances
        self.connection = entrances.connection
        self.wanted = wanted
        self.observed = observed
        self._lock = threading.Lock()
        self._values: dict[Token, str] = known_values(observed)
        self._ids: dict[tuple[str, str], str] = {}
        organization = observed.organization
        if organization is not None:
            self.set_id("root", "root", organization.root_id)
        for path, unit in observed.units.items():
            self.set_id("ou", path, unit.unit_id)
        for name, account in observed.accounts.items():
            self.set_id("account", name, account.account_id)
        for name, policy in observed.policies.items():
            self.set_id("policy", name, policy.policy_id)

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.wanted.platform

    def set_id(self, kind: str, name: str, value: str) -> None:
        """Remember an id: of `root`, an `ou` by path, an `account` or a `policy` by name."""
        with self._lock:
            self._ids[kind, name] = value
            if kind == "account":
                self._values[Token("account", name)] = value

    def set_organization(self, organization_id: str, root_id: str) -> None:
        """Remember the organization."""
        self.set_id("root", "root", root_id)
        with self._lock:
            self._values[Token("organization", "")] = organization_id

    def set_outputs(self, account: str, stack: str, outputs: Mapping[str, str]) -> None:
        """Remember what a stack gives out."""
        with self._lock:
            for key, value in outputs.items():
                self._values[Token("output", f"{account}/{stack}/{key}")] = value

    def id(self, kind: str, name: str) -> str:
        """Return an id; raises ChangeFailed where the thing is not there."""
        with self._lock:
            found = self._ids.get((kind, name))
        if found is None:
            raise ChangeFailed(f"{kind} {name} is not there yet")
        return found

    def target_id(self, target: str) -> str:
        """Return the id behind `root`, `ou/PATH` or `account/NAME`."""
        kind, _, name = target.partition("/")
        return self.id(kind, name or kind)

    def resolved(self, document: Any) -> Any:
        """Return a document with its tokens replaced; raises ChangeFailed where one is unknown."""
        with self._lock:
            values = dict(self._values)
        missing = unknown_tokens(document, values)
        if missing:
            names = ", ".join(str(token) for token in missing)
            raise ChangeFailed(f"not known yet: {names}")
        return substitute(document, values)

    def values(self) -> dict[Token, str]:
        """Return a copy of the token values known now."""
        with self._lock:
            return dict(self._values)
