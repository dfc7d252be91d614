"""`landrail model init`: each template is a project that trains, is measured and is held to its
gate as it stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landrail.cli import main
from landrail.operations.model.recipe import read_recipe
from landrail.operations.model.starting import TEMPLATES
from landrail.serving import Rows, Schema
from landrail.spec.gate import parse_gate


def sample(file: Path, target: str, count: int = 3000) -> None:
    """Write rows with a target that follows from two columns and chance."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "delay": random.normal(size=count),
            "hour": random.integers(0, 24, size=count),
            "origin": random.choice(["EWR", "JFK", "LGA"], size=count),
        }
    )
    score = frame["delay"] + (frame["origin"] == "JFK") + random.normal(scale=0.2, size=count)
    frame[target] = score * 10 if target == "minutes" else np.where(score > 0.4, "yes", "no")
    frame.loc[::50, "delay"] = np.nan
    frame.to_csv(file, index=False)


def run(project: Path, *words: str, **places: Path) -> str:
    """Run a program of a project; return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    environment |= {name: str(place) for name, place in places.items()}
    done = subprocess.run(
        [sys.executable, *words], cwd=project, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_template_runs_through(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = "minutes" if template == "regression" else "late"
    sample(tmp_path / "sample.csv", target)
    words = ["--template", template, "--data", "sample.csv", "--target", target]
    assert main(["model", "init", "late-flights", *words, "--dataset", "flights"]) == 0
    project = tmp_path / "late-flights"
    recipe = read_recipe(project)
    assert (recipe.name, recipe.data) == ("late-flights", "flights@1")
    assert bool(recipe.batch) is (template == "batch")
    run(project, "-m", "unittest", "discover", "-s", "tests")

    base = tmp_path / "ml"
    data = base / "processing" / "data"
    (data / "score").mkdir(parents=True)
    (tmp_path / "sample.csv").rename(data / "sample.csv")
    (data / "score" / "batch.csv").write_text("nobody,learns,from,this\n1,2,3,4\n")
    model, places = base / "model", {"SAGEMAKER_BASE_DIR": base, "SM_CHANNEL_TRAINING": data}
    run(project, "-m", "late_flights", "train", **places)
    assert Schema.read(model / "schema.json").names[-1] == "origin"
    (base / "processing" / "model").mkdir()
    with tarfile.open(base / "processing" / "model" / "model.tar.gz", "w:gz") as archive:
        archive.add(model / "model.joblib", "model.joblib")
    metrics = json.loads(run(project, "-m", "late_flights", "evaluate", **places))
    assert parse_gate(TEMPLATES[template].gate).passes(metrics), metrics
    scored = pd.read_csv(base / "processing" / "output" / "sample.csv")
    rows = Rows({name: scored[name].to_numpy() for name in scored}, len(scored))
    assert Schema.read(model / "schema.json").check(rows).count == len(scored)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_project_is_clean_by_the_checks_of_its_language(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["model", "init", "a-model", "--template", template]) == 0
    ruff = ["-m", "ruff", "check", "--isolated", "--line-length", "100", "."]
    run(tmp_path / "a-model", *ruff)
    assert "@" not in "".join(
        file.read_text() for file in (tmp_path / "a-model").rglob("*.py")
    ).replace("@NAME", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Late"], "is no name of a model"),
        (["l" * 65], "is no name of a model"),
        (["new", "--dataset", "my data"], "is no name of a data set"),
        (["there"], "is there already"),
        (["new", "--data", "none.csv"], "does not exist"),
        (["new", "--data", "broken.parquet"], "cannot be read"),
        (["new", "--data", "some.csv", "--target", "lat"], "did you mean `late`?"),
        (["new", "--template", "regresion"], "regression"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "broken.parquet").write_text("PAR1")
    (tmp_path / "some.csv").write_text("late,a\n1,2\n")
    assert main(["model", "init", *words]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "new").exists()


def test_a_project_beside_the_platforms_file_knows_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    capsys.readouterr()
    assert main(["model", "init", "churn", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["remote"].endswith("/v1/repos/churn")
    listed = subprocess.run(
        ["git", "-C", "churn", "remote", "get-url", "origin"], capture_output=True, text=True
    )
    assert listed.stdout.strip() == told["remote"]


FILE = """\
platform: acme-ml
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
teams: {one: {lob: retail, mlops: [dee]}}
models:
  churn: {team: one, repo: customers, branch: live}
  wired:
    team: one
    repo: {connection: "arn:aws:codeconnections:eu-west-1:111122223333:connection/ab", id: a/b}
"""


@pytest.mark.parametrize(
    ("model", "branch", "remote"),
    [("churn", "live", "/v1/repos/customers"), ("wired", "main", None)],
)
def test_a_project_begins_where_the_file_has_its_code(
    model: str,
    branch: str,
    remote: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "landrail.yaml").write_text(FILE)
    assert main(["model", "init", model, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["branch"], (told["remote"] or "")[-19:]) == (branch, remote or "")
    assert (tmp_path / model / ".git" / "HEAD").read_text().strip().endswith(f"/{branch}")


def test_a_name_of_python_and_odd_columns_make_a_project_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    header = '"how ""late""?","C:\\\\x","größe"\n'
    (tmp_path / "odd.csv").write_text(header + "".join(f"{n % 2},{n},a\n" for n in range(20)))
    words = ["--data", "odd.csv", "--target", 'how "late"?']
    assert main(["model", "init", "signal", *words]) == 0
    recipe = read_recipe(tmp_path / "signal")
    assert recipe.entrypoint == ["python", "-m", "signal_model"]
    told = "from signal_model import columns as c; print(c.TARGET, c.NUMBERS, c.CATEGORIES)"
    printed = run(tmp_path / "signal", "-c", told)
    assert printed.strip() == "how \"late\"? ['C:\\\\\\\\x'] ['größe']"
