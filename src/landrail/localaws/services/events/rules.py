"""The rules of a bus as the store has them, read once and again after each change."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import Platform
from landrail.localaws.services.events.pattern import InvalidPattern, parse
from landrail.localaws.services.events.targets import SERVICE

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """An enabled rule with its parsed pattern and its targets."""

    arn: str
    pattern: Mapping[str, Any]
    targets: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Bus:
    """One event bus."""

    account: str
    region: str
    name: str


class Rules:
    """The rules of all buses."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._known: dict[Bus, tuple[Rule, ...]] = {}
        self._changes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def forget(self, account: str) -> None:
        """Read an account's rules again when they are next wanted."""
        with self._lock:
            self._changes[account] += 1
            self._known = {bus: one for bus, one in self._known.items() if bus.account != account}

    def of(self, bus: Bus) -> tuple[Rule, ...]:
        """Return the rules of a bus; raises ApiError where there is no such bus."""
        with self._lock:
            known, changes = self._known.get(bus), self._changes[bus.account]
        if known is None:
            known = tuple(self._read(bus))
            with self._lock:
                # Rules that changed while they were read are read again by the next event.
                if self._changes[bus.account] == changes:
                    self._known[bus] = known
        return known

    def targets(self, bus: Bus, rule: str) -> list[Mapping[str, Any]]:
        """Return the targets of a rule."""
        return self._all(bus, "ListTargetsByRule", {"Rule": rule}, "Targets")

    def _read(self, bus: Bus) -> list[Rule]:
        found = []
        for record in self._all(bus, "ListRules", {}, "Rules"):
            if record.get("State") != "ENABLED" or not record.get("EventPattern"):
                continue
            try:
                pattern = parse(record["EventPattern"])
            except InvalidPattern as wrong:
                _log.error("the rule %s matches nothing: %s", record["Arn"], wrong)
                continue
            targets = self.targets(bus, record["Name"])
            found.append(Rule(record["Arn"], pattern, tuple(targets)))
        return found

    def _all(self, bus: Bus, operation: str, params: dict[str, str], key: str) -> list[Any]:
        items: list[Any] = []
        asked = {**params, "EventBusName": bus.name}
        while True:
            answer = self._platform.call(
                SERVICE, "events", operation, asked, region=bus.region, account=bus.account
            )
            items += answer.get(key) or []
            if not answer.get("NextToken"):
                return items
            asked["NextToken"] = answer["NextToken"]
