"""What an audit of the platform says, and what it should say of violations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from landrail.cli import main

from .acting import Known, filled
from .violation import Violation
from .violations_platform import Airline

Found = tuple[str, str, str]
"""Guardrail, account and resource."""


@dataclass(frozen=True)
class Said:
    """What `landrail audit` came to."""

    code: int
    data: Mapping[str, Any]

    @property
    def found(self) -> set[Found]:
        """What was found, each resource by what the violations may call it."""
        return {(f["guardrail"], f["account"], name_of(f)) for f in self.data["findings"]}

    @property
    def twice(self) -> list[tuple[str, ...]]:
        """What the same rule of the same guardrail found more than once."""
        words = ("guardrail", "rule", "account", "region", "resource_id")
        keys = Counter(tuple(f[word] for word in words) for f in self.data["findings"])
        return [key for key, times in keys.items() if times > 1]


def command(platform: Airline, capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    """Run `landrail audit` as a person would."""
    code = main(["audit", "-f", str(platform.file), "--json", *words])
    return Said(code, json.loads(capsys.readouterr().out))


def name_of(finding: Mapping[str, Any]) -> str:
    """The one word for a resource that a violation knows it by: its id where that was given by the
    service at once, else its name."""
    own = str(finding["resource_id"])
    given = own.startswith(("i-", "vol-", "snap-", "ami-", "sg-", "subnet-", "rtb-"))
    return own if given else finding["resource_name"] or own


def expected(all_known: Iterable[tuple[Violation, Known]], part: str = "all") -> set[Found]:
    """What violations should be found as: all, or those that are left when the fixes are made."""
    return {
        (guardrail, violation.account, _last(filled(resource, known)))
        for violation, known in all_known
        for guardrail, resources in violation.found.items()
        if part == "all" or guardrail not in violation.fixed
        for resource in resources
    }


def _last(resource: str) -> str:
    return resource.rpartition("/")[2] if resource.startswith("arn:") else resource


def difference(got: set[Found], wanted: set[Found]) -> Mapping[str, list[Found]]:
    """What is missing and what is too much; empty where they agree."""
    apart = {"not found": sorted(wanted - got), "also found": sorted(got - wanted)}
    return {what: which for what, which in apart.items() if which}
