"""Runs over files: order and columns, rows put aside, what was done before, what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from landrail.serving.batch import Order, Places, WrongOrder
from landrail.serving.batch.run import CannotScore
from tests.serving.scored_project import place, run

ROOT = Path(__file__).parents[2]


def put(places: Places, name: str, count: int, *, group: int = 10, first: int = 0) -> pyarrow.Table:
    path = places.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    b = list(range(first, first + count))
    table = pyarrow.table({"b": b, "a": [n / 2 for n in b], "c": ["red"] * count, "id": b})
    pyarrow.parquet.write_table(table, path, row_group_size=group)
    return table


def scores(places: Places, document: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [places.output / one["part"] for one in document["outputs"]]
    read = pyarrow.parquet.read_table
    return [row for part in parts for row in read(part, partitioning=None).to_pylist()]


def begun(places: Places, *more: str, python: str = sys.executable) -> subprocess.Popen[str]:
    """Begin a run by hand, with the order that lies beside the data."""
    folders = [("--model", places.model), ("--data", places.data), ("--output", places.output)]
    command = [
        *(python, "-m", "landrail.serving.batch", "tests.serving.scored_project"),
        *(str(word) for pair in folders for word in pair),
        *("--order", str(places.data.parent / "order.json"), *more),
    ]
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=env, start_new_session=True, stderr=pipe, text=True)


def by_hand(places: Places, *more: str, **python: str) -> subprocess.CompletedProcess[str]:
    """Run by hand to the end."""
    process = begun(places, *more, **python)
    _, said = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, "", said)


def test_scores_stand_in_the_order_of_the_rows_beside_what_is_kept(tmp_path: Path) -> None:
    places = place(tmp_path)
    put(places, "day=1/x.parquet", 95)
    put(places, "day=2/x.parquet", 20, first=500)
    made = run(places, shard_rows=30, batch_rows=7, keep=["id"], workers=2).document
    assert made["status"] == "Completed"
    assert [(one["file"], one["rows"]) for one in made["inputs"]] == [
        ("day=1/x.parquet", 95),
        ("day=2/x.parquet", 20),
    ]
    wanted = [(n, n, n / 2 * 2 + n) for n in range(95)]
    wanted += [(n - 500, n, n / 2 * 2 + n) for n in range(500, 520)]
    found = [(one["row"], one["id"], one["prediction"]) for one in scores(places, made)]
    assert found == wanted
    assert json.loads((places.output / "manifest.json").read_text()) == made
    assert not (places.output / "_work").exists()


def test_what_is_there_whole_is_not_scored_again(tmp_path: Path) -> None:
    places = place(tmp_path)
    put(places, "x.parquet", 100)
    first = run(places, shard_rows=20).document
    assert run(places, shard_rows=20).document["skipped"] == 5
    parts = [places.output / one["part"] for one in first["outputs"]]
    parts[1].write_bytes(parts[1].read_bytes()[:-1])  # half written
    parts[3].unlink()
    again = run(places, shard_rows=20).document
    assert again["skipped"] == 3
    assert [one["sha256"] for one in again["outputs"]] == [
        one["sha256"] for one in first["outputs"]
    ]
    assert run(places, shard_rows=20, keep=["id"]).document["skipped"] == 0, "another order"
    put(places, "x.parquet", 100, first=7)
    assert run(places, shard_rows=20, keep=["id"]).document["skipped"] == 0, "other bytes"


def test_a_shard_that_fails_stops_no_other_and_is_tried_again(tmp_path: Path) -> None:
    places = place(tmp_path, fails_at=45)
    put(places, "x.parquet", 100)
    made = run(places, shard_rows=20)
    assert made.document["status"] == "Failed"
    assert made.reasons == ["x.parquet, rows 40 to 59: the model failed: ValueError: unlucky"]
    assert [one["number"] for one in made.document["outputs"]] == [0, 1, 3, 4]
    place(tmp_path)
    made = run(places, shard_rows=20)
    assert made.document["status"] == "Completed"
    assert made.document["skipped"] == 4
    assert [one["row"] for one in scores(places, made.document)] == list(range(100))


def test_rows_are_put_aside_where_that_is_asked_for(tmp_path: Path) -> None:
    places = place(tmp_path, refuses=33)
    table = put(places, "x.parquet", 100, group=50)
    colours = ["red"] * 100
    colours[60] = "gren"
    table = table.set_column(2, "c", pyarrow.array(colours))
    pyarrow.parquet.write_table(table, places.data / "x.parquet", row_group_size=50)
    failed = run(places, batch_rows=25)
    assert failed.reasons == ["x.parquet, 33 is not predicted"]
    made = run(places, batch_rows=25, errors="aside", most_aside=0.02).document
    assert (made["rows"], made["aside"]) == (100, 2)
    found = scores(places, made)
    assert [one["row"] for one in found if one["prediction"] is None] == [33, 60]
    lines = (places.output / made["outputs"][0]["aside_file"]).read_text().splitlines()
    assert [json.loads(one) for one in lines] == [
        {"file": "x.parquet", "row": 33, "reasons": ["33 is not predicted"]},
        {
            "file": "x.parquet",
            "row": 60,
            "reasons": [
                'column `c`: `"gren"` is none of the 2 known values; did you mean `green`?'
            ],
        },
    ]
    few = run(places, batch_rows=25, errors="aside", most_aside=0.01)
    assert few.reasons[0].startswith("more than 1 of the 100 rows of shard 1 of 1 of x.parquet")


def test_a_refused_row_is_named_by_its_place_in_the_file(tmp_path: Path) -> None:
    places = place(tmp_path)
    lines = [f"{n},{'late' if n == 71 else n},red" for n in range(100)]
    (places.data / "x.csv").write_text("b,a,c\n" + "\n".join(lines))
    made = run(places, format="csv", batch_rows=20, shard_rows=50)
    assert made.reasons == ['x.csv, row 71, column `a`: `"late"` is not a number']


def test_several_values_a_row_and_csv_out(tmp_path: Path) -> None:
    places = place(tmp_path, two=True)
    put(places, "x.parquet", 3)
    made = run(places, output="csv", keep=["*"]).document
    text = (places.output / made["outputs"][0]["part"]).read_text()
    assert text.splitlines()[:2] == [
        '"row","b","a","c","id","prediction_0","prediction_1"',
        '0,0,0,"red",0,0,-0',
    ]


def test_a_process_that_dies_takes_its_shard_alone(tmp_path: Path) -> None:
    places = place(tmp_path, dies_at=45)
    put(places, "x.parquet", 100)
    made = run(places, shard_rows=20)
    assert made.reasons == [
        "shard 3 of 5 of x.parquet: the process that scored it ended with status 9, twice"
    ]
    assert len(made.document["outputs"]) == 4


def test_a_run_that_is_killed_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    places = place(tmp_path, seconds=0.05)
    put(places, "x.parquet", 300)
    (tmp_path / "order.json").write_text('{"shard_rows": 10}')
    killed = begun(places, "--workers", "2")
    while len(list(places.output.glob("records/*/*.json"))) < 3:
        assert killed.poll() is None
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (places.output / "manifest.json").exists()
    done = by_hand(places, "--workers", "2")
    assert done.returncode == 0, done.stderr
    made = json.loads((places.output / "manifest.json").read_text())
    assert 3 <= made["skipped"] < 30
    assert [one["row"] for one in scores(places, made)] == list(range(300))


def wrong_column(places: Places) -> None:
    table = pyarrow.table({"bb": [1], "a": ["x"], "c": ["red"]})
    pyarrow.parquet.write_table(table, places.data / "x.parquet")


WRONG = {
    "no files": (lambda places: None, "there is no *.parquet or *.pq to score; there is no file"),
    "other files": (
        lambda places: (places.data / "x.txt").write_text(""),
        "there is no *.parquet or *.pq to score; there are x.txt",
    ),
    "empty": (lambda p: (p.data / "x.parquet").touch(), "x.parquet: the file is empty, 0 bytes"),
    "unreadable": (
        lambda places: (places.data / "x.parquet").write_bytes(b"PAR1 no more"),
        "x.parquet: it is not a file of Parquet",
    ),
    "schema": (
        wrong_column,
        "x.parquet: column `a` is string in the file; the model takes number; column `b` is "
        "missing; `bb` is there",
    ),
    "model": (
        lambda places: [put(places, "x.parquet", 1), place(places.data.parent, broken=True)],
        "the model cannot be loaded: RuntimeError: half a model",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_scored_is_said(name: str, tmp_path: Path) -> None:
    places = place(tmp_path)
    prepare, said = WRONG[name]
    prepare(places)
    with pytest.raises(CannotScore) as caught:
        run(places)
    assert said in str(caught.value)


def test_a_file_without_rows_is_a_part_without_rows(tmp_path: Path) -> None:
    places = place(tmp_path)
    put(places, "x.parquet", 0)
    made = run(places).document
    assert (made["rows"], len(made["outputs"])) == (0, 1)
    assert scores(places, made) == []


def test_an_order_is_held_to_its_keys_all_at_once() -> None:
    with pytest.raises(WrongOrder) as caught:
        Order.from_json({"keeep": [], "format": "json", "most_aside": 2, "workers": 0})
    assert caught.value.reasons == (
        "there is no `keeep`; did you mean `keep`?",
        '`format` is one of parquet, csv; `"json"` is not',
        "`most_aside` is a share from 0 to 1; `2` is not",
        "`workers` is a whole number of at least 1; `0` is not",
    )


def test_without_ray_its_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as where it is not installed
    places = place(tmp_path)
    put(places, "x.parquet", 1)
    with pytest.raises(CannotScore, match=r"pip install 'landrail\[ray\]'"):
        run(places, engine="ray")


@pytest.mark.soak
def test_on_ray_the_same_comes_out(tmp_path: Path) -> None:
    python = ROOT / ".venv-ray/bin/python"
    if not python.exists():
        pytest.skip("Ray is not installed: `make .venv-ray/.done`")
    places = place(tmp_path)
    put(places, "x.parquet", 500)
    plain = run(places, shard_rows=50).document
    other = Places(places.model, places.data, tmp_path / "ray")
    (tmp_path / "order.json").write_text('{"shard_rows": 50}')
    for skipped in (0, 10):
        done = by_hand(other, "--engine", "ray", python=str(python))
        assert done.returncode == 0, done.stderr
        made = json.loads((other.output / "manifest.json").read_text())
        assert made["skipped"] == skipped
        assert scores(other, made) == scores(places, plain)
