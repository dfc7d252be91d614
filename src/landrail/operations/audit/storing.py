"""The files of an audit: the inventory as Parquet, one folder a table, and what was made of it.

A run is written beside its place and moved there when it is whole, so a folder that bears a time is
a finished audit. Rows pass through text files on the disk, not through memory.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import duckdb

from landrail.diagnostics import Failure
from landrail.inventory import Column, Row
from landrail.operations.project import not_writable
from landrail.rules.engine import TYPES, value
from landrail.rules.sql import literal

AUDITS = "audit"
SUMMARY = "audit.json"
_ROWS = "rows.parquet"
ROW = "file_row_number"
"""DuckDB's name for the place of a row in its file."""
_KEPT = 10
"""Audits whose rows are kept; of older ones the summary stays."""
_UNDER_WAY = ".run-"
_LONGEST = 86_400.0
"""Seconds that no audit takes."""
_MEMORY = "160MB"


def database(*folders: Path) -> duckdb.DuckDBPyConnection:
    """Return an empty database that reaches these folders and nothing else."""
    made = duckdb.connect(
        ":memory:",
        config={
            "threads": str(min(4, os.cpu_count() or 1)),
            "memory_limit": _MEMORY,
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "temp_directory": str(folders[0] / "spill"),
        },
    )
    listed = ", ".join(literal(str(folder.resolve()) + "/") for folder in folders)
    made.execute(f"SET allowed_directories = [{listed}]")
    made.execute("SET enable_external_access = false")
    made.execute("SET lock_configuration = true")
    return made


class Rows:
    """Rows on their way into Parquet files of a folder; may be written by several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._files: dict[str, IO[str]] = {}
        self._shapes: dict[str, Sequence[Column]] = {}

    def add(self, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Append rows of one table; the table is there though it has none."""
        lines = [
            json.dumps({c.name: _plain(row.get(c.name), c.kind) for c in columns}) for row in rows
        ]
        with self._lock:
            if name not in self._files:
                path = self._folder / f"{name}.jsonl"
                self._files[name] = path.open("w", encoding="utf-8")
                self._shapes[name] = columns
            self._files[name].writelines(f"{line}\n" for line in lines)

    def seal(self) -> None:
        """Make a Parquet file of each table; raises Failure."""
        try:
            self._seal()
        except duckdb.Error as error:
            raise Failure(f"the inventory cannot be written: {error}") from error

    def _seal(self) -> None:
        engine = database(self._folder)
        for name, file in self._files.items():
            file.close()
            (self._folder / name).mkdir()
            shape = ", ".join(f"{c.name}: '{TYPES[c.kind]}'" for c in self._shapes[name])
            engine.execute(
                f"COPY (SELECT * FROM read_json({literal(file.name)}, columns = {{{shape}}}, "
                "format = 'newline_delimited')) "
                f"TO {literal(str(self._folder / name / _ROWS))} (FORMAT parquet)"
            )
            Path(file.name).unlink()
        engine.close()
        self._files.clear()


def _plain(given: Any, kind: str) -> Any:
    kept = value(given, kind)
    return kept.isoformat() if isinstance(kept, datetime) else kept


def source(folder: Path, name: str) -> str:
    """Return what reads the rows of one table in a run's folder, in SQL, with `ROW` numbered."""
    path = str((folder / name / _ROWS).resolve())
    return f"read_parquet({literal(path)}, {ROW} = true)"


@contextmanager
def new_run(state: Path, began: datetime) -> Iterator[Path]:
    """Yield a folder to write an audit into, which gets its name when all went well; raises
    Failure where the state folder cannot be written to."""
    try:
        above = state / AUDITS
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_UNDER_WAY, dir=above))
    except OSError as error:
        raise not_writable(state, error) from error
    try:
        yield folder
        folder.rename(_named(above, began))
        _thin_out(above)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def runs(state: Path) -> tuple[Path, ...]:
    """Return the folders of finished audits, the oldest first."""
    found = (state / AUDITS).glob("[0-9]*/" + SUMMARY)
    return tuple(sorted(path.parent for path in found))


def summary(run: Path) -> Mapping[str, Any]:
    """Return what a finished audit says of itself; raises Failure."""
    try:
        read: Mapping[str, Any] = json.loads((run / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failure(
            f"the audit in `{run}` cannot be read: {error}", "remove that folder and audit again"
        ) from error
    return read


def _named(above: Path, began: datetime) -> Path:
    words = began.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return above / words


def _thin_out(above: Path) -> None:
    for left in above.glob(f"{_UNDER_WAY}*"):
        if time.time() - left.stat().st_mtime > _LONGEST:  # of one that was killed
            shutil.rmtree(left, ignore_errors=True)
    for run in sorted(path.parent for path in above.glob("[0-9]*/" + SUMMARY))[:-_KEPT]:
        for folder in run.iterdir():
            if folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)
