"""`landrail guardrails`: the catalogue, one guardrail, and what each reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from landrail.cli import main
from landrail.guardrails import guardrails
from landrail.guardrails.actions import carrying

FILE = Path(__file__).parents[2] / "examples" / "airline" / "landrail.yaml"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["guardrails", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_list_names_every_guardrail_once(capsys: pytest.CaptureFixture[str]) -> None:
    listed = told(capsys, "list")["guardrails"]
    assert [one["id"] for one in listed] == list(guardrails())
    assert all(one["forms"] and one["kinds"] and one["remedy"] for one in listed)


def test_list_is_narrowed(capsys: pytest.CaptureFixture[str]) -> None:
    every = told(capsys, "list")["guardrails"]
    unasked = told(capsys, "list", "--recommended")["guardrails"]
    assert 0 < len(unasked) < len(every)
    assert all(one["recommended"] for one in unasked)
    studio = told(capsys, "list", "--kind", "data-science")["guardrails"]
    assert "sagemaker-studio-vpc-only" in {one["id"] for one in studio}
    assert all("data-science" in one["kinds"] for one in studio)


def test_list_is_lines_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guardrails", "list"]) == 0
    out = capsys.readouterr().out
    assert "* sagemaker-require-vpc" in out
    assert "  instance-types" in out


def test_a_kind_that_there_is_not_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guardrails", "list", "--kind", "producton"]) == 2
    assert "did you mean `production`?" in capsys.readouterr().err
    assert main(["guardrails", "list", "--kind", "suspended"]) == 0


def test_a_list_leaves_room_for_titles(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["guardrails", "list"]) == 0
    out = capsys.readouterr().out
    assert "SR-TD-  no bucket or object is opened to everybody" in out


def test_show_tells_all_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    shown = told(capsys, "show", "sagemaker-require-vpc")
    assert shown["forms"] == ["SCP", "template", "rule"]
    assert shown["frameworks"]["security_hub"] == ["SageMaker.2"]
    assert {s["Effect"] for s in shown["statements"]} == {"Deny"}
    assert main(["guardrails", "show", "sagemaker-require-vpc"]) == 0
    out = capsys.readouterr().out
    assert "sagemaker:VpcSubnets is given" in out
    assert "CreateEndpoint" in out


def test_show_of_an_unknown_one_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guardrails", "show", "sagemaker-require-vcp"]) == 2
    assert "did you mean `sagemaker-require-vpc`?" in capsys.readouterr().err


def test_show_takes_what_the_file_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "landrail.yaml"
    text = FILE.read_text(encoding="utf-8")
    if "\nguardrails:" not in text:
        text += "\nguardrails: [recommended]\n"
    head, _, tail = text.partition("\nguardrails:")
    rest = tail.split("\n", 1)[1] if "\n" in tail else ""
    wanted = "\nguardrails:\n  - recommended\n  - instance-types: [ml.m5.*]\n"
    file.write_text(head + wanted + rest, encoding="utf-8")
    without = told(capsys, "show", "instance-types", "-f", str(tmp_path / "none.yaml"))
    assert without["statements"] == []
    shown = told(capsys, "show", "instance-types", "-f", str(file))
    condition = shown["statements"][0]["Condition"]["ForAnyValue:StringNotLike"]
    assert condition["sagemaker:InstanceTypes"] == ["ml.m5.*", "system"]


def test_coverage_counts_what_carries_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = told(capsys, "coverage", "sagemaker-require-vpc")["guardrails"]
    wanted = {f"sagemaker:{name}" for name in carrying("sagemaker", "sagemaker:VpcSubnets")}
    assert set(one["carrying"]) == set(one["covered"]) == wanted
    left = {item["action"]: item["reason"] for item in one["uncovered"]}
    assert "CreateEndpointConfig is held" in left["sagemaker:CreateEndpoint"]
    assert "sagemaker-deny-unguarded-compute" in left["sagemaker:CreateCompilationJob"]


def test_coverage_of_all_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    every = told(capsys, "coverage")
    for one in every["guardrails"]:
        assert one["covered"] or one["every"], one["id"]
        assert not {item["action"] for item in one["uncovered"]} & set(one["covered"])
    assert every["covered"] == sum(len(one["covered"]) for one in every["guardrails"])
    assert main(["guardrails", "coverage"]) == 0
    out = capsys.readouterr().out
    assert "covered 20, carrying 20, not coverable" in out
