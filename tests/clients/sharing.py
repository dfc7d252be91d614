"""Things made in one account, and what three tools say of them: our audit, Prowler and Custodian.

`shared/*.yaml` has the things, as calls, and the checks that the tools have in common: our rule,
Prowler's check (several find together what ours finds) and Custodian's filters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import jmespath
import yaml

from landrail.aws.sessions import Identity
from tests.airline import Platform

FOLDER = Path(__file__).parent / "shared"


@dataclass(frozen=True)
class Apart:
    """A tool that says something else of what matches `id`, and why that stays."""

    tool: str
    id: str
    reason: str


@dataclass(frozen=True)
class Check:
    """A check that tools share. `custodian` is a policy's resource, filters, and the field `id`
    that our audit calls the resource by; without it Custodian has no such filter."""

    rule: str
    prowler: tuple[str, ...]
    custodian: Mapping[str, Any] | None
    wrong: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    apart: tuple[Apart, ...] = ()

    @property
    def field(self) -> str:
        """What Custodian tells the resource's name in."""
        assert self.custodian is not None
        return str(self.custodian["id"])

    def policy(self) -> dict[str, Any]:
        """The policy of Custodian."""
        assert self.custodian is not None
        said = {key: value for key, value in self.custodian.items() if key != "id"}
        return {"name": self.rule, **said}


@dataclass
class Shared:
    """The things and checks of the files, and names of what was made."""

    things: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    known: dict[str, str] = field(default_factory=dict)

    def make(self, airline: Platform, who: Identity) -> None:
        """Make all things, as somebody whom the guardrails let."""
        for thing in self.things:
            given = _as_sent(filled(thing.get("with") or {}, self.known))
            service, _, operation = thing["call"].partition(":")
            answer = airline.target.entrances.connection.call(who, service, operation, **given)
            for name, path in (thing.get("keep") or {}).items():
                assert name not in self.known, f"{name} is kept twice"
                self.known[name] = str(jmespath.search(path, answer))

    def told(self) -> Iterator[Check]:
        """The checks, with the names of what was made."""
        for check in self.checks:
            said = filled(check, self.known)
            prowler = said["prowler"]
            yield Check(
                said["rule"],
                (prowler,) if isinstance(prowler, str) else tuple(prowler),
                said["custodian"],
                frozenset(map(short, said.get("wrong") or ())),
                frozenset(map(short, said.get("right") or ())),
                tuple(Apart(**one) for one in said.get("apart") or ()),
            )


def shared() -> Shared:
    """Read the files, that of the account before the others."""
    files = sorted(FOLDER.glob("*.yaml"), key=lambda file: (file.stem != "account", file.stem))
    read = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    things = [thing for document in read for thing in document["things"]]
    return Shared(things, [check for document in read for check in document["checks"]])


def disagreements(check: Check, found: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What one tool finds and another does not, but for what the check says of it; what was made
    wrong and is not found, and the other way round."""
    for one in sorted(frozenset().union(*found.values()) | check.wrong):
        for tool, ids in found.items():
            expected = one in found["audit"]
            known = [a for a in check.apart if a.tool == tool and fnmatchcase(one, a.id)]
            if (one in ids) is not (expected != bool(known)):
                yield f"{check.rule}: {one}: audit {expected}, {tool} {one in ids}; {known}"
    for one in sorted(check.wrong - found["audit"]):
        yield f"{check.rule}: {one} is not found"
    for one in sorted(check.right & found["audit"]):
        yield f"{check.rule}: {one} is found"
    for apart in check.apart:
        if not any(fnmatchcase(one, apart.id) for ids in found.values() for one in ids):
            yield f"{check.rule}: nothing is as {apart} says"


def short(name: str) -> str:
    """The last part of an ARN, by which all tools can be compared; other names as they are."""
    return re.split("[:/]", name)[-1] if name.startswith("arn:") else name


def filled(value: Any, known: Mapping[str, str]) -> Any:
    """The value with what is known for `{name}`."""
    if isinstance(value, str):
        for name, one in known.items():
            value = value.replace("{" + name + "}", one)
        return value
    if isinstance(value, dict):
        return {key: filled(each, known) for key, each in value.items()}
    return [filled(each, known) for each in value] if isinstance(value, list) else value


def _as_sent(given: dict[str, Any]) -> dict[str, Any]:
    """Documents of policies are sent as texts."""
    return {
        key: json.dumps(value) if isinstance(value, dict) and "Statement" in value else value
        for key, value in given.items()
    }
