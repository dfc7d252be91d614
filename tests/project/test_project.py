"""Files of the project itself: change notes, requirements, licence, make targets."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTE = re.compile(r"(added|changed|fixed|removed)-[a-z0-9]+(-[a-z0-9]+)*\.md")


def test_change_notes_are_named_by_kind_and_are_one_paragraph() -> None:
    for path in (ROOT / "changes").glob("*.md"):
        if path.name == "README.md":
            continue
        assert NOTE.fullmatch(path.name), path.name
        text = path.read_text(encoding="utf-8").strip()
        assert text, path.name
        assert "\n\n" not in text, path.name
        assert text.endswith("."), path.name


def test_requirements_are_pinned_hashed_and_without_addresses() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        entries = re.split(r"\n(?=\S)", text.strip())
        assert entries
        for entry in entries:
            assert re.match(r"[a-z0-9.-]+==\S+", entry), entry[:60]
            assert "--hash=sha256:" in entry, entry[:60]


def test_the_local_extra_can_build_the_examples() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {re.split(r"[^a-z0-9-]", name)[0] for name in project["optional-dependencies"]["local"]}
    found = list((ROOT / "examples").glob("*/*/pyproject.toml"))
    assert found
    for path in found:
        system = tomllib.loads(path.read_text(encoding="utf-8"))["build-system"]
        assert set(system["requires"]) <= extra, path


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    ray = extras.pop("ray")  # beside the others: it is as large as all of them
    for file, wanted in {
        "dev.txt": [*project["dependencies"], *(name for e in extras.values() for name in e)],
        "ray.txt": ray,
    }.items():
        text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
        locked = {line.split("==")[0] for line in text.splitlines() if "==" in line}
        for requirement in wanted:
            name = re.split(r"[<>=!~\[ ]", requirement)[0].lower().replace("_", "-")
            if name == project["name"]:  # another extra of its own
                continue
            assert name in locked, f"{name} is not in {file}"


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License" in text


def test_make_has_the_targets_that_are_promised() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "check", "bench", "soak", "clean"):
        assert re.search(rf"^{target}:", text, re.M), target


def test_the_tests_of_a_module_stay_in_one_process(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("the tests are not shared out")
    assert request.node.nodeid.endswith("@project/test_project.py")


def test_modules_of_tests_outside_packages_have_names_of_their_own() -> None:
    """Two of one name cannot be imported in one run."""
    alone = [f for f in (ROOT / "tests").rglob("*.py") if not (f.parent / "__init__.py").exists()]
    names = Counter(file.name for file in alone if file.name != "conftest.py")
    assert [name for name, count in names.items() if count > 1] == []
