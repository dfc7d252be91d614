"""Streams that are closed, full or left by their reader: short words or none, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from landrail.cli import main

LINE = {
    "id": 1,
    "request": {
        "principal": "arn:aws:iam::111122223333:role/x",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
    },
}


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p),
        "L": f"{sys.executable} -m landrail",
    }
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("streams")
    (path / "lines").write_text(json.dumps(LINE) + "\n")
    return path


@pytest.mark.parametrize("script", ["$L policy evaluate - <&-", "$L policy evaluate lines >&-"])
def test_a_closed_stream_is_an_empty_one(folder: Path, script: str) -> None:
    done = shell(script, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "command", ["policy evaluate lines", "schema", "version --json", "check --json", "--help"]
)
def test_a_full_disk_is_told_as_one(folder: Path, command: str) -> None:
    done = shell(f"$L {command} >/dev/full", folder)
    assert done.returncode == 1
    assert done.stderr == "failed: No space left on device\n"


@pytest.mark.parametrize("command", ["schema", "check --json", "check", "chekc", "--help"])
def test_a_reader_that_left_is_not_told(folder: Path, command: str) -> None:
    done = shell(f"(sleep 0.5; exec $L {command} 2>&1) | true; echo ${{PIPESTATUS[0]}}", folder)
    assert done.stderr == ""
    assert done.stdout in ("1\n", "2\n")


def test_wrong_arguments_are_json_where_json_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--bogus", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    (mistake,) = told["diagnostics"]
    assert "--bogus" in mistake["summary"]
    assert "landrail check --help" in mistake["remedy"]
