"""A folder with a platform's file, and `landrail` run in it as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SMALL = """\
platform: small
region: eu-west-1
email: aws+{account}@small.example
accounts:
  shared: {kind: shared-services, environments: [prod]}
operators: [olga]
auditors: [audrey]
break_glass: [olga]
"""


@dataclass(frozen=True)
class Folder:
    """A folder of a platform."""

    path: Path

    @property
    def state(self) -> Path:
        """Its state folder."""
        return self.path / ".landrail"

    @property
    def file(self) -> Path:
        """Its file."""
        return self.path / "landrail.yaml"

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command; its output and errors come as one stream."""
        search = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
        return subprocess.Popen(
            [sys.executable, "-m", "landrail", *words],
            cwd=self.path,
            env={**os.environ, "PYTHONPATH": search},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; return its exit code and all it said. It never shows a traceback."""
        process = self.begin(*words)
        said, _ = process.communicate()
        assert "Traceback" not in said
        assert "fault of landrail" not in said
        return process.returncode, said

    def done(self, *words: str) -> str:
        """Run a command that must succeed; return what it said."""
        code, said = self.run(*words)
        assert code == 0, said
        return said

    def apply_until(self, changes: int) -> subprocess.Popen[str]:
        """Begin an apply and return once it has made so many changes."""
        process = self.begin("apply", "--auto-approve")
        assert process.stdout is not None
        while changes:
            line = process.stdout.readline()
            assert line, "it ended before"
            changes -= line.startswith("  done")
        return process

    def kill_server(self) -> bool:
        """End the local AWS as a power cut would; False where none is running."""
        try:
            pid = json.loads((self.state / "server.json").read_text())["pid"]
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            return False
        if str(self.state).encode() not in command:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def pending(self) -> list[str]:
        """What a plan would do."""
        told: dict[str, Any] = json.loads(self.done("plan", "--json"))
        return [c["address"] for c in told["changes"] if c["action"] != "no-op"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A folder that no test has used; its name has a space."""
    made = Folder(tmp_path / "a folder")
    made.path.mkdir()
    made.file.write_text(SMALL)
    yield made
    made.run("local", "stop")


@pytest.fixture(scope="module")
def make_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Folder]]:
    """Make folders that the tests of a module share; their servers are stopped in the end."""
    all_made: list[Folder] = []

    def make(text: str) -> Folder:
        made = Folder(tmp_path_factory.mktemp("shared"))
        made.file.write_text(text)
        all_made.append(made)
        return made

    yield make
    for made in all_made:
        made.run("local", "stop")
