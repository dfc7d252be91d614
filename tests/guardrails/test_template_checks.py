"""Every check of templates outside SageMaker, as data: what it lets through and what not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.guardrails import guardrails
from landrail.guardrails.all import groups

DATA = yaml.safe_load((Path(__file__).parent / "templates.yaml").read_text(encoding="utf-8"))


def said(guardrail: str, kind: str, properties: dict[str, Any]) -> list[str]:
    checks = [c for c in guardrails()[guardrail].proactive if c.resource_type == kind]
    assert checks, f"{guardrail} checks no {kind}"
    return [wrong for check in checks if (wrong := check.wrong(properties)) is not None]


def trials(which: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = [(g, kind, trial) for g, kinds in DATA.items() for kind, trial in kinds.items()]
    if which == "right":
        return [(g, kind, trial["right"]) for g, kind, trial in found if "right" in trial]
    return [(g, kind, one) for g, kind, trial in found for one in trial["wrong"]]


@pytest.mark.parametrize(("guardrail", "kind", "properties"), trials("wrong"))
def test_what_is_wrong_is_said(guardrail: str, kind: str, properties: dict[str, Any]) -> None:
    assert said(guardrail, kind, properties)


@pytest.mark.parametrize(("guardrail", "kind", "properties"), trials("right"))
def test_what_is_right_is_let_through(
    guardrail: str, kind: str, properties: dict[str, Any]
) -> None:
    assert not said(guardrail, kind, properties)


def test_every_check_is_tried() -> None:
    there = {
        (guardrail.id, check.resource_type)
        for group, found in groups()
        for guardrail in found
        for check in guardrail.proactive
        if group != "sagemaker"
    }
    tried = {(guardrail, kind) for guardrail, kinds in DATA.items() for kind in kinds}
    assert there == tried
