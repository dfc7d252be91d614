"""What a model's repository may ask for, and the wheel of a commit."""

import hashlib
from pathlib import Path

import pytest

from landrail.diagnostics import Mistakes
from landrail.operations.model.recipe import read_recipe
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.wheels import build_wheel

EXAMPLE = Path(__file__).parents[2] / "examples/airline/delays"


def recipe_of(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text)
    read_recipe(folder)


def test_the_example_has_a_recipe() -> None:
    recipe = read_recipe(EXAMPLE)
    assert (recipe.name, recipe.data) == ("delays", "flights@1")
    assert recipe.entrypoint == ["python", "-m", "delays"]
    assert recipe.requires == {"landrail", "numpy", "pandas", "scikit-learn"}


def test_every_mistake_of_a_recipe_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as caught:
        recipe_of(tmp_path, '[project]\nversion = "1"\n[tool.landrail]\ndta = "flights@1"\n')
    summaries = [d.summary for d in caught.value.diagnostics]
    assert summaries == [
        "`project.name` is missing",
        "unknown key `tool.landrail.dta`",
        "`tool.landrail.data` is missing",
    ]
    assert caught.value.diagnostics[1].remedy == "did you mean `data`?"


def test_a_package_that_python_would_not_run_is_a_mistake(tmp_path: Path) -> None:
    text = '[project]\nname = "{}"\nversion = "1"\n[tool.landrail]\ndata = "flights@1"\n'
    with pytest.raises(Mistakes, match="`python -m signal` would run it"):
        recipe_of(tmp_path, text.format("signal"))
    recipe_of(tmp_path, text.format("signal-model"))


@pytest.mark.parametrize("text", ["= nonsense", "[project"])
def test_a_broken_file_is_a_mistake_not_a_traceback(tmp_path: Path, text: str) -> None:
    with pytest.raises(Mistakes, match="cannot be read"):
        recipe_of(tmp_path, text)


def test_no_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="there is no `pyproject"):
        read_recipe(tmp_path)


def test_a_wheel_depends_on_the_commit_and_nothing_else(tmp_path: Path) -> None:
    recipe = read_recipe(EXAMPLE)

    def digest(commit: str, folder: str) -> tuple[str, str]:
        wheel = build_wheel(EXAMPLE, recipe, commit, tmp_path / folder)
        return wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()

    assert digest("a" * 40, "one") == digest("a" * 40, "two")
    assert digest("b" * 40, "three") != digest("a" * 40, "four")
    assert digest("a" * 40, "five")[0] == f"delays-1.0.0+g{'a' * 12}-py3-none-any.whl"


def test_a_data_set_that_was_not_granted_is_named() -> None:
    settings = Settings({Variable.DATASETS: '{"flights": {"uri": "s3://lake/flights/"}}'})
    assert settings.data_uri("flights@2") == "s3://lake/flights/v=2/"
    with pytest.raises(Mistakes, match="data set `fares` is not granted here"):
        settings.data_uri("fares@1")


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(Mistakes, match="`LANDRAIL_GATE` is not set"):
        Settings({})[Variable.GATE]
