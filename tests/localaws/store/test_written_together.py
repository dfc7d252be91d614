"""What is written together is there as a whole or not at all, also where there is no space left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.store import Tables

LARGE = "x" * 100_000


def together(tables: Tables, values: dict[str, Any]) -> None:
    with tables.together():
        for key, value in values.items():
            tables.table("things").put(key, value=value)


def test_without_space_nothing_of_it_stands_and_the_next_is_written(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "tables.sqlite")
    table = tables.table("things")
    table.put("before", value=1)
    (pages,) = tables.query("PRAGMA page_count")[0]
    tables.query(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(ApiError, match="cannot write to its state folder"):
        together(tables, {"small": 2, "large": LARGE})
    assert dict(table.scan()) == {("before",): 1}
    tables.query("PRAGMA max_page_count = 1000000")
    together(tables, {"large": LARGE})
    with pytest.raises(TypeError):
        together(tables, {"given up": 3, "no JSON": object()})
    assert [key for key, _ in table.scan()] == [("before",), ("large",)]
    tables.close()
