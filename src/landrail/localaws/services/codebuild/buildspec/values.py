"""What a buildspec comes to: values that the rest of CodeBuild works with. Nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PHASES = ("install", "pre_build", "build", "post_build")


@dataclass(frozen=True, slots=True)
class OnFailure:
    """What a phase's failure means: RETRY runs it again up to `count` times where the error
    matches `pattern`."""

    word: Literal["ABORT", "CONTINUE", "RETRY"]
    count: int = 3
    pattern: str = ".*"


@dataclass(frozen=True, slots=True)
class Phase:
    """The commands of one phase and what its failure means (None: AWS's order of phases)."""

    commands: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    on_failure: OnFailure | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """Files to keep: globs below a base directory, which may be a glob too."""

    files: tuple[str, ...]
    base: str = ""
    discard_paths: bool = False
    exclude: tuple[str, ...] = ()
    name: str | None = None
    prefix: str = ""
    symlinks: bool = False


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Results of tests, or of coverage, to be read into a report of the group `group`."""

    group: str
    files: tuple[str, ...]
    base: str = ""
    format: str = "JUNITXML"


@dataclass(frozen=True, slots=True)
class Cache:
    """What is kept from build to build; without a key there is one copy, which is replaced."""

    paths: tuple[str, ...]
    key: str | None = None
    fallback: tuple[str, ...] = ()
    action: Literal["", "restore", "save"] = ""


@dataclass(frozen=True, slots=True)
class Buildspec:
    """A whole buildspec."""

    phases: Mapping[str, Phase]
    shell: str = "/bin/sh"
    variables: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    git_credentials: bool = False
    artifact: Artifact | None = None
    secondary: Mapping[str, Artifact] = field(default_factory=dict)
    reports: tuple[ReportFiles, ...] = ()
    cache: Cache | None = None
