"""What a pipeline begins with, by what an execution names."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from landrail.diagnostics import Mistakes
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.shelves import choose

COMMITS = ("7ab52d7969550f4c5a7493a294880b58975b7170", "7ab52d0000000000000000000000000000000000")


def shelf(*names: str) -> Any:
    """A build session whose bucket has builds, the newest last."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("build.json", "{}")

    def pages(Bucket: str, Prefix: str) -> list[dict[str, Any]]:
        keys = [f"builds/churn/{name}.zip" for name in names]
        return [
            {"Contents": [{"Key": key, "LastModified": datetime(2026, 1, number, tzinfo=UTC)}]}
            for number, key in enumerate(keys, 1)
            if key.startswith(Prefix)
        ]

    s3 = SimpleNamespace(
        get_paginator=lambda _: SimpleNamespace(paginate=pages),
        get_object=lambda **_: {"Body": io.BytesIO(packed.getvalue())},
    )
    return SimpleNamespace(client=lambda _: s3)


def chosen(named: str) -> str:
    settings = Settings(
        {
            Variable.SHELF: "builds",
            Variable.CHOICE: named,
            Variable.MODEL: "churn",
            Variable.ARTIFACT_BUCKET: "artifacts",
        }
    )
    return choose(settings, shelf(*COMMITS))


def test_a_build_is_named_by_the_beginning_of_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert chosen("7ab52d7") == COMMITS[0]
    assert chosen(COMMITS[1]) == COMMITS[1]
    assert (tmp_path / "out" / "build.json").is_file()


@pytest.mark.parametrize("named", ["abcdef0", "7ab52d", "builds/../x"])
def test_what_is_not_there_is_told_with_what_is(named: str) -> None:
    with pytest.raises(Mistakes) as raised:
        chosen(named)
    assert COMMITS[1] in str(raised.value.diagnostics[0].remedy)
