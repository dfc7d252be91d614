"""The columns of a sample of the data: which hold numbers, which a few values, which neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from landrail.diagnostics import Diagnostic, Mistakes, nearest

MOST_VALUES = 1000
"""A column of text with more values than this tells rows apart and nothing about them."""
# DuckDB takes yes and no for booleans and more than pandas, which trains, does.
_AS_PANDAS = "auto_type_candidates=['BIGINT', 'DOUBLE', 'VARCHAR']"
_NUMBERS = re.compile(r"(TINY|SMALL|BIG|HUGE|U\w+)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*|BOOLEAN")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is predicted, and of which numbers and categories."""

    target: str
    numbers: tuple[str, ...]
    categories: tuple[str, ...]


def columns_of(file: Path, target: str) -> Columns:
    """Read the columns of a file of CSV (gzipped or not) or Parquet; raises Mistakes where it is
    none or the target is not in it."""
    read = "read_parquet(?)" if file.suffix == ".parquet" else f"read_csv(?, {_AS_PANDAS})"
    try:
        with duckdb.connect(":memory:") as base:
            base.execute(f"CREATE TABLE sample AS SELECT * FROM {read}", [str(file)])
            described = base.execute("DESCRIBE sample").fetchall()
            kinds = {str(row[0]): str(row[1]) for row in described}
            texts = [n for n, k in kinds.items() if k == "VARCHAR" and n != target]
            few = [n for n in texts if _values(base, n) <= MOST_VALUES]
    except duckdb.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Mistakes([Diagnostic(f"`{file}` cannot be read: {reason}")]) from error
    if target not in kinds:
        guess = nearest(target, kinds)
        advice = f"did you mean `{guess}`?" if guess else f"it has {', '.join(kinds)}"
        raise Mistakes([Diagnostic(f"`{file}` has no column `{target}`", f"--target: {advice}")])
    numbers = [n for n, k in kinds.items() if _NUMBERS.fullmatch(k) and n != target]
    if not numbers and not few:
        raise Mistakes([Diagnostic(f"`{file}` has no column to predict `{target}` of")])
    return Columns(target, tuple(numbers), tuple(few))


def _values(base: duckdb.DuckDBPyConnection, name: str) -> int:
    quoted = name.replace('"', '""')
    row = base.execute(f'SELECT count(DISTINCT "{quoted}") FROM sample').fetchone()
    return int(row[0]) if row else 0
