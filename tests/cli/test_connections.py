"""`landrail local connection`: which git remote a connection leads to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landrail.cli import main

NAME = "arn:aws:codeconnections:eu-west-1:111122223333:connection/abc"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["local", "connection", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".landrail").mkdir()
    (tmp_path / "git").mkdir()
    return tmp_path / ".landrail"


def test_a_remote_is_chosen_told_and_taken_away(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys)[1].strip() == "no remote"
    folder = str(state.parent / "git")
    assert run(capsys, NAME, "git")[0] == 0
    assert run(capsys, "other", "https://git.example.com/")[0] == 0
    kept = json.loads((state / "connections.json").read_text())
    assert kept == {NAME: folder, "other": "https://git.example.com/"}
    told = json.loads(run(capsys, NAME, "--json")[1])
    assert told == {"connections": {NAME: folder}}
    assert run(capsys, NAME, "--remove")[0] == 0
    assert json.loads(run(capsys, "--json")[1])["connections"] == {
        "other": "https://git.example.com/"
    }


def test_what_is_no_remote_is_refused(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, NAME, "nowhere")
    assert code != 0
    assert "there is no folder" in said
    code, _, said = run(capsys, "--remove")
    assert code != 0
    (state / "connections.json").write_text("[]")
    code, _, said = run(capsys)
    assert code != 0
    assert "is no object of texts" in said


def test_a_remote_needs_a_local_aws(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state.rmdir()
    code, _, said = run(capsys, NAME, "git")
    assert code != 0
    assert "landrail local start" in said
