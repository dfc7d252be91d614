"""Trying what nobody may do, and its twin, by everybody's own credentials."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from tests.access.matrix_run import Stage, filled
from tests.airline import Outcome
from tests.steps.steps_world import Steps

_FILE = Path(__file__).parent / "acts.yaml"


@dataclass(frozen=True)
class Try:
    """A call by somebody: `WHO@ACCOUNT`, a machine's role as `role/NAME@ACCOUNT`."""

    who: str
    call: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Act:
    """What must be denied and by what; its twin is a call, or one that the way was seen to make."""

    step: str
    denied: Try
    by: str
    twin: Try | None
    answers: str | None
    seen: str | None

    @property
    def name(self) -> str:
        """How the act is called among others."""
        return f"{self.step}: {self.denied.who} {self.denied.call} {_object(self.denied.params)}"


def acts() -> list[Act]:
    """Return every act of the file."""
    loaded = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return [_act(step, entry) for step, entries in loaded.items() for entry in entries]


def _act(step: str, entry: dict[str, Any]) -> Act:
    denied = Try(entry["as"], entry["call"], entry["with"])
    twin = entry["twin"]
    seen = twin.get("seen")
    other = Try(
        twin.get("as", denied.who), twin.get("call", denied.call), twin.get("with", denied.params)
    )
    by = str(entry.get("by"))
    return Act(step, denied, by, None if seen else other, twin.get("answers"), seen)


def _object(params: dict[str, Any]) -> str:
    texts = [value for value in params.values() if isinstance(value, str)]
    return " ".join(text.rpartition("}:")[2] for text in texts[:2])


@dataclass
class Stand:
    """The platform, what acts are about, and the machines' credentials."""

    world: Steps
    facts: dict[str, str]
    stage: Stage

    def made(self, one: Try) -> Outcome:
        """Make a call."""
        if not one.who.startswith("role/"):
            return self.world.platform.call(one.who, one.call, filled(one.params, self.facts))
        role, _, account = one.who.removeprefix("role/").partition("@")
        service, _, operation = one.call.partition(":")
        given = filled(one.params, {**self.world.platform.ids, **self.facts})
        try:
            self.stage.do(self.stage.identity(account, role), f"{service}:{operation}", **given)
        except ClientError as error:
            return self.world.platform.outcome(error)
        return Outcome(None)
