"""What a batch job is asked for, in the recipe and in the file; the stack of a model without an
endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landrail.diagnostics import Mistakes
from landrail.operations.model.recipe import read_recipe
from landrail.operations.model.scoring.asked import ask
from landrail.operations.model.serving import template

PROJECT = """
[project]
name = "m"
version = "1"
dependencies = [{depends}]
[tool.landrail]
data = "d@1"
[tool.landrail.batch]
{batch}
"""


def mistakes(folder: Path, batch: str, depends: str = "'landrail[serving]'") -> list[str]:
    (folder / "pyproject.toml").write_text(PROJECT.format(batch=batch, depends=depends))
    try:
        read_recipe(folder)
    except Mistakes as found:
        return [one.summary for one in found.diagnostics]
    return []


@pytest.mark.parametrize(
    "batch",
    [
        'format = "parquet"\nkeep = ["id"]\nerrors = "aside"\nmachines = 2',
        'content_type = "text/csv"\ncompression = "Gzip"\nprefix = "month=12"',
        "",
    ],
)
def test_recipes_that_are_right(batch: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, batch) == []


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, 'formt = "csv"\nmachines = 0\nkeep = "id"\nschedule = "x"')
    assert [one.split(":")[0] for one in found] == [
        "unknown key `tool.landrail.batch.formt`",
        "unknown key `tool.landrail.batch.schedule`",
        "`tool.landrail.batch.keep`",
        "`tool.landrail.batch.machines`",
    ]
    both = mistakes(tmp_path, 'format = "csv"\ncontent_type = "text/csv"', depends="")
    assert both == [
        "`tool.landrail.batch.format` and `tool.landrail.batch.content_type` are two ways to score",
        "`tool.landrail.batch.format` needs `landrail.serving`",
    ]


def test_the_execution_wins_over_the_file_and_the_file_over_the_recipe() -> None:
    recipe = {"format": "csv", "keep": ["id"], "prefix": "a/"}
    plain = ask(recipe, {}, learned_from="d@3", data="")
    assert (plain.data, plain.order) == ("d@3", {"format": "csv", "keep": ["id"]})
    file = {"data": "e", "version": "9", "format": "parquet", "prefix": ""}
    told = ask(recipe, file, learned_from="d@3", data="")
    assert (told.data, told.order["format"], told.scoring.prefix) == ("e@9", "parquet", "")
    assert ask(recipe, file, learned_from="d@3", data="f@1").data == "f@1"


def used(part: Any) -> set[str]:
    """Every parameter that a part of a template names."""
    if isinstance(part, dict):
        return {part["Ref"]} if "Ref" in part else set().union(*map(used, part.values()))
    return set().union(*map(used, part)) if isinstance(part, list) else set()


def test_a_stack_without_an_endpoint_holds_the_model_alone_and_no_parameter_too_many() -> None:
    made = template(online=False, scores=True)
    assert [one["Type"] for one in made["Resources"].values()] == ["AWS::SageMaker::Model"]
    rest = {key: made[key] for key in ("Resources", "Outputs", "Conditions")}
    assert used(rest) == set(made["Parameters"])
    assert set(made["Outputs"]) == {"ModelName", "ModelPackage", "Released"}
