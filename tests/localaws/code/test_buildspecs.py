"""Buildspecs right and wrong: each wrong one names its mistakes in comments, `# LINE:COLUMN: ...`,
and all of them are told at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landrail.localaws.services.codebuild.buildspec import (
    Artifact,
    BuildspecError,
    Cache,
    OnFailure,
    ReportFiles,
    parse,
)

_FOLDER = Path(__file__).parent / "buildspecs"
_EXPECTED = re.compile(r"^# (\d+:\d+: .*)$", re.MULTILINE)


@pytest.mark.parametrize("file", sorted((_FOLDER / "wrong").glob("*.yml")), ids=lambda f: f.stem)
def test_a_wrong_buildspec_tells_all_its_mistakes(file: Path) -> None:
    text = file.read_text()
    with pytest.raises(BuildspecError) as told:
        parse(text, file.name)
    message = str(told.value)
    for expected in _EXPECTED.findall(text):
        assert f"{file.name}:{expected}" in message
    assert message.count(f"{file.name}:") == len(_EXPECTED.findall(text))


def test_a_buildspec_with_everything_is_read() -> None:
    spec = parse((_FOLDER / "right" / "whole.yml").read_text())
    assert spec.shell == "bash"
    assert spec.variables == {"A": "1", "B": "yes", "C": "c d"}
    assert spec.secrets["S"] == "name:key:AWSCURRENT"
    assert spec.git_credentials
    assert spec.phases["build"].on_failure == OnFailure("RETRY", 2, ".*(again|busy).*")
    assert spec.phases["build"].commands == ('echo "a: b"', "echo one\necho two\n")
    assert spec.artifact == Artifact(
        ("**/*",), "out*", True, ("*.log",), "n-$(date +%Y)", "p", True
    )
    assert spec.secondary == {"other": Artifact(("x",))}
    assert [one.format for one in spec.reports] == ["JUNITXML", "COBERTURAXML"]
    assert spec.reports[0] == ReportFiles("unit", ("**/*.xml",))
    paths = ("/root/.cache/pip/**/*",)
    assert spec.cache == Cache(paths, "k-$(codebuild-hash-files lock)", ("k-",))


def test_yaml_merges_are_followed() -> None:
    spec = parse((_FOLDER / "right" / "merged.yml").read_text())
    assert spec.phases["post_build"] == spec.phases["build"]
