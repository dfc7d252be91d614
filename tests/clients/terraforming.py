"""Terraform in a folder of its own: found, set up, and run as somebody.

The program is the one of the path. AWS's provider comes from wherever the user's own configuration
of Terraform finds it, or from a filesystem mirror: the one that LANDRAIL_TEST_TERRAFORM_MIRROR
names, else one that lies where packages put such things.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients.clients_world import Person

PROVIDER = Path("registry.terraform.io/hashicorp/aws")
_FILES = Path(__file__).parent / "terraform"
_RC = 'provider_installation {{\n  filesystem_mirror {{\n    path = "{}"\n  }}\n}}\n'


@dataclass(frozen=True)
class Ended:
    """How a run of Terraform ended; `said` is all that it printed, in one line: Terraform wraps the
    words of an error."""

    code: int
    said: str


@dataclass(frozen=True)
class Run:
    """A run that was begun. It prints to a file: a pipe that nobody reads would hold it up."""

    process: subprocess.Popen[bytes]
    printed: Path

    def end(self) -> Ended:
        """Wait for it."""
        code = self.process.wait()
        return Ended(code, " ".join(self.printed.read_text().split()))

    def stop(self) -> None:
        """End it where it still runs."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True)
class Terraform:
    """A folder with the baseline, in which the provider is installed."""

    program: str
    folder: Path
    settings: dict[str, str]

    def begin(self, person: Person, *words: str) -> Run:
        """Start it as somebody."""
        printed = self.folder / f"printed-{uuid.uuid4().hex}"
        with printed.open("wb") as sink:
            process = subprocess.Popen(
                [self.program, words[0], "-no-color", *words[1:]],
                cwd=self.folder,
                env={**person.environment, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        return Run(process, printed)

    def run(self, person: Person, *words: str) -> Ended:
        """Run it as somebody to its end."""
        return self.begin(person, *words).end()

    def changes(self, person: Person, *words: str) -> dict[str, list[str]]:
        """What a plan would do: address -> actions; nothing where it is empty."""
        plan = self.run(person, "plan", "-detailed-exitcode", "-out", "saved", *words)
        assert plan.code in (0, 2), plan.said
        shown = subprocess.run(
            [self.program, "show", "-json", "saved"],
            cwd=self.folder,
            env={**person.environment, **self.settings},
            capture_output=True,
            text=True,
            check=True,
        )
        document: dict[str, Any] = json.loads(shown.stdout)
        actions = {c["address"]: c["change"]["actions"] for c in document["resource_changes"]}
        found = {a: done for a, done in actions.items() if done not in (["no-op"], ["read"])}
        assert bool(found) == (plan.code == 2), plan.said
        return found


def prepare(folder: Path) -> Terraform | str:
    """Set Terraform up in a new folder; return why it cannot be where it cannot."""
    program = shutil.which("terraform")
    if program is None:
        return "terraform is not on the path"
    shutil.copytree(_FILES, folder)
    reasons = []
    for settings in _ways(program, folder):
        tried = subprocess.run(
            [program, "init", "-no-color", "-input=false"],
            cwd=folder,
            env={**_ambient(), **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if tried.returncode == 0:
            return Terraform(program, folder, settings)
        reasons.append(tried.stderr.strip())
    why = reasons[-1] if reasons else "LANDRAIL_TEST_TERRAFORM_MIRROR may name a mirror of it"
    return f"terraform has no AWS provider here: {why}"


def _ways(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """The configurations to try: a mirror that is named, the user's own, a mirror that is found."""
    always = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    named = os.environ.get("LANDRAIL_TEST_TERRAFORM_MIRROR")
    own = Path(os.environ.get("TF_CLI_CONFIG_FILE", Path.home() / ".terraformrc"))
    # Without a file of its own, Terraform would ask the network.
    if not named and own.exists():
        yield {**always, "TF_CLI_CONFIG_FILE": str(own)}
    for number, mirror in enumerate([named] if named else _mirrors(program)):
        rc = folder / f"mirror-{number}.rc"
        rc.write_text(_RC.format(mirror))
        yield {**always, "TF_CLI_CONFIG_FILE": str(rc)}


def _mirrors(program: str) -> list[str]:
    beside = Path(program).resolve().parents[1]
    places = (beside, beside / "share", Path("/opt"), Path("/usr/share"), Path("/usr/local/share"))
    found = [made for place in places for made in place.glob(f"*/{PROVIDER}")]
    return [str(made.parents[2]) for made in found]


def _ambient() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
