"""The projects of the examples through their pipelines, and nine mistakes: each told where its
author looks, with nothing released."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from landrail.operations.enter import enter
from tests.airline import Platform, standing

pytestmark = pytest.mark.xdist_group("three-models")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "airline"
SAMPLE = 10
_LONGEST = 900.0
_GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_NAME": "ana" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ana@acme-three.example" for who in ("AUTHOR", "COMMITTER")},
}
WRONG = {
    "test": ("Build", "FAILED (failures=1)"),
    "image": ("Build", "did you mean `pandas`?"),
    "data": ("Train", "data set `fligths` is not granted here"),
    "training": ("Train", "KeyError: 'epochs'"),
    "gate": ("Train", "the gate `auc >= baseline + 0.1` is not passed"),
    "metric": ("Train", "the gate needs the metric `auc`; measured: area, baseline"),
    "schema": ("Staging", "column `departure_delay` is missing"),
    "serving": ("Staging", "FileNotFoundError"),
    "skew": ("Staging", "other than the evaluation measured"),
}


@dataclass(frozen=True)
class Author:
    """Somebody with a working copy of each project, at the command line."""

    platform: Platform
    folder: Path

    def model(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `landrail model WORDS`."""
        return subprocess.run(
            [sys.executable, "-m", "landrail", "model", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def told(self, *words: str) -> Any:
        """What a command says as JSON."""
        done = self.model(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def push(self, project: str, way: str = "") -> str:
        """Commit a project, with a mistake or without, push it, and return the execution."""
        copy = self.folder / project
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(
            EXAMPLES / project, copy, ignore=shutil.ignore_patterns("wrong", "__pycache__")
        )
        if way:
            shutil.copytree(EXAMPLES / project / "wrong" / way, copy, dirs_exist_ok=True)
        self.git(copy, "init", "-q", "-b", "main")
        self.git(copy, "add", "-A")
        self.git(copy, "commit", "-q", "-m", way or "As it should be")
        url = f"https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/{project}"
        entered = enter(self.platform.file, "ana@shared-prod").child()
        self.git(copy, "push", "-q", "-f", url, "HEAD:refs/heads/main", environment=entered)
        commit = self.git(copy, "rev-parse", "HEAD").strip()
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            for one in self.told("log", project):
                if one["revision"].startswith(commit[:12]):
                    return str(one["execution"])
            time.sleep(0.5)
        raise AssertionError(f"no pipeline was started by {commit}")

    def end(self, project: str, execution: str) -> dict[str, Any]:
        """Wait for the end of an execution; return it."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            [one] = self.told("log", project, "--run", execution)
            if one["status"] not in ("InProgress", "Stopping"):
                return dict(one)
            time.sleep(1)
        raise AssertionError(f"{execution} of {project} does not end")

    def release(self, project: str) -> dict[str, Any]:
        """Approve what waits and wait until it is in production; return how the model stands."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            done = self.model("approve", project, "-m", "as measured", "--json")
            if done.returncode == 0:
                ended = self.end(project, json.loads(done.stdout)["execution"])
                assert ended["status"] == "Succeeded", ended
                return dict(self.told("status", project))
            time.sleep(1)
        raise AssertionError(f"no release of {project} waits: {done.stderr}")

    def git(self, folder: Path, *words: str, environment: Any = None) -> str:
        """Run git in a folder."""
        there = {**(os.environ if environment is None else environment), **_GIT}
        done = subprocess.run(
            ["git", *words], cwd=folder, env=there, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """The platform of three models with a part of the flights published, and the right model of
    `mistakes` in production."""
    folder = tmp_path_factory.mktemp("three")
    data = folder / "data"
    script = [sys.executable, str(EXAMPLES / "publish.py"), str(data), "--sample", str(SAMPLE)]
    subprocess.run(script, check=True, capture_output=True)
    with standing(folder, (EXAMPLES / "three-models.yaml").read_text("utf-8")) as platform:
        bucket = platform.filled("acme-three-lake-flights-{data-prod}")
        engineer = platform.client("eli@data-prod", "s3")
        for file in sorted(data.glob("*.csv.gz")):
            key = f"flights/v=1/{file.name}"
            engineer.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())
        found = Author(platform, folder)
        ended = found.end("mistakes", found.push("mistakes"))
        assert ended["status"] == "Succeeded", found.model("status", "mistakes").stdout
        standing_now = found.release("mistakes")
        assert standing_now["live"]["model_package"].endswith("mistakes/1")
        yield found


@pytest.mark.soak
@pytest.mark.parametrize("way", WRONG)
def test_a_mistake_is_told_where_its_author_looks(author: Author, way: str) -> None:
    stage, said = WRONG[way]
    execution = author.push("mistakes", way)
    ended = author.end("mistakes", execution)
    assert ended["status"] == "Failed"
    assert ended["actions"][-1]["stage"] == stage
    found = author.told("status", "mistakes")
    last = found["pipelines"][0]["last_words"]
    assert said in " ".join(" ".join(last).split()), last
    logs = author.model("logs", "mistakes", "--run", execution, "--stage", stage).stdout
    assert last[-1] in logs
    assert found["live"]["model_package"].endswith("mistakes/1"), "nothing was released"
    assert not any(one["approvals"] for one in found["pipelines"])


def test_each_way_is_one_file_and_is_told_of() -> None:
    project = EXAMPLES / "mistakes"
    readme = (project / "README.md").read_text("utf-8")
    for folder in sorted((project / "wrong").iterdir()):
        [file] = [one for one in folder.rglob("*") if one.is_file()]
        right = project / file.relative_to(folder)
        assert file.read_text("utf-8") != right.read_text("utf-8")
        stage, _ = WRONG[folder.name]
        assert f"| `{folder.name}` |" in readme
        assert f"| {stage} |" in next(
            line for line in readme.splitlines() if line.startswith(f"| `{folder.name}` |")
        )


@pytest.mark.soak
@pytest.mark.parametrize("project", ["delays", "arrivals"])
def test_a_project_of_the_examples_runs_through(author: Author, project: str) -> None:
    ended = author.end(project, author.push(project))
    assert ended["status"] == "Succeeded", author.model("status", project).stdout
    found = author.release(project)
    assert found["live"]["status"] == "InService"
    assert found["live"]["model_package"].endswith(f"{project}/1")
