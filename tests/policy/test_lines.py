"""Lines as text: a decision, or an error that carries the line's id and names what is wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.policy import evaluate_text

FILE = yaml.safe_load((Path(__file__).parent / "cases" / "lines.yaml").read_text())


def line(case: dict[str, Any]) -> str:
    if "text" in case:
        return case["text"]
    made = copy.deepcopy(FILE["base"])
    for path, value in case.get("with", {}).items():
        place, name = _place(made, path)
        place[name] = value
    for path in case.get("without", []):
        place, name = _place(made, path)
        del place[name]
    return json.dumps(made)


def _place(made: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *above, name = path.split(".")
    for step in above:
        made = made[step]
    return made, name


@pytest.mark.parametrize("case", FILE["cases"], ids=[c["why"] for c in FILE["cases"]])
def test_line(case: dict[str, Any]) -> None:
    result = evaluate_text(line(case))
    assert result.get("decision", "ERROR") == case["expect"], result
    if case["expect"] == "ERROR":
        assert set(result) == {"id", "error"}
        assert case.get("says", "") in result["error"]
    else:
        assert set(result) == {"id", "decision", "reason", "matched"}


def test_an_error_carries_the_id_of_its_line() -> None:
    answer = evaluate_text('{"id": "a", "x": 1}')
    assert set(answer) == {"id", "error"}
    assert answer["id"] == "a"
    assert "unknown key `x`" in answer["error"]
    assert evaluate_text('{"id": ["a"]}')["id"] == ["a"]
    assert evaluate_text("{")["id"] is None
    assert evaluate_text("[" * 100_000)["id"] is None


def test_bytes_that_are_no_text_are_an_error() -> None:
    assert "error" in evaluate_text(b'{"id": "\xff"}')
