"""Wrong files, as data: `wrong/NAME.yaml` and beside it `NAME.expected`, one mistake a line."""

import json
from pathlib import Path

import pytest

from landrail.cli import main

WRONG = Path(__file__).parent / "wrong"
FILES = sorted(WRONG.glob("*.yaml"))


def test_there_are_at_least_twenty() -> None:
    assert len(FILES) >= 20
    assert {f.stem for f in FILES} == {f.stem for f in WRONG.glob("*.expected")}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_each_mistake_is_named_at_its_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "-f", str(file)]) == 2
    told = json.loads(capsys.readouterr().out)["diagnostics"]
    found = [f"{_beside(d['file'], file)}{d['line']}:{d['column']} {d['summary']}" for d in told]
    assert found == file.with_suffix(".expected").read_text(encoding="utf-8").splitlines()


def _beside(named: str, file: Path) -> str:
    """Return what stands before the place of a mistake in a file beside the file."""
    return "" if named == str(file) else f"{Path(named).relative_to(WRONG)}:"


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_people_read_place_mistake_and_count(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(WRONG)
    assert main(["check", "-f", file.name]) == 2
    shown = capsys.readouterr().err
    expected = file.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    for line in expected:
        place = line.split(" ")[0]
        assert (place if place.startswith("policies/") else f"{file.name}:{place}") in shown
    assert f"{len(expected)} mistake" in shown.splitlines()[-1]
    assert "Nothing was changed" in shown
    assert "Traceback" not in shown
    assert "pydantic" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 100
