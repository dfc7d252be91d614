"""The buildspec: version 0.2 as AWS documents it, read into values.

What the local AWS does not run is refused by name; `reports` and `cache` are read past with a
line in the log, because a build without them is still the same build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

PHASES = ("install", "pre_build", "build", "post_build")
_TOP = {"version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"}
_ENV = {
    *("shell", "variables", "parameter-store", "exported-variables", "secrets-manager"),
    "git-credential-helper",
}
_PHASE = {"run-as", "on-failure", "commands", "finally", "runtime-versions"}
_ARTIFACTS = {
    *("files", "name", "discard-paths", "base-directory", "exclude-paths", "secondary-artifacts"),
    *("enable-symlinks", "s3-prefix"),
}


class BuildspecError(Exception):
    """What is wrong in a buildspec, for its author."""


@dataclass(frozen=True, slots=True)
class Phase:
    """The commands of one phase and what its failure means (None: AWS's order of phases)."""

    commands: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    on_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """Files to keep: globs below a base directory."""

    files: tuple[str, ...]
    base: str = ""
    discard_paths: bool = False
    exclude: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Buildspec:
    """A whole buildspec; `ignored` names the sections that the local AWS reads past."""

    phases: Mapping[str, Phase]
    variables: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    git_credentials: bool = False
    artifact: Artifact | None = None
    secondary: Mapping[str, Artifact] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def parse(text: str) -> Buildspec:
    """Read a buildspec; raises BuildspecError with the first thing wrong in it."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BuildspecError(f"wrong YAML: {wrong}") from wrong
    top = _section(document, "buildspec", _TOP)
    if str(top.get("version")) not in ("0.2", "0.1"):
        raise BuildspecError(f"version {top.get('version')!r} is not 0.2")
    for refused in ("run-as", "batch", "proxy"):
        if refused in top:
            raise BuildspecError(f"`{refused}` is not supported by the local AWS")
    env = _section(top.get("env") or {}, "env", _ENV)
    if env.get("shell", "bash") not in ("bash", "/bin/sh", "sh"):
        raise BuildspecError(f"shell {env['shell']!r} is not supported: bash or /bin/sh")
    phases = _section(top.get("phases"), "phases", set(PHASES))
    artifacts = _section(top.get("artifacts") or {}, "artifacts", _ARTIFACTS)
    secondary = artifacts.get("secondary-artifacts") or {}
    return Buildspec(
        phases={name: _phase(name, phases[name] or {}) for name in PHASES if name in phases},
        variables=_texts(env.get("variables"), "env/variables"),
        parameters=_texts(env.get("parameter-store"), "env/parameter-store"),
        secrets=_texts(env.get("secrets-manager"), "env/secrets-manager"),
        exported=tuple(_list(env.get("exported-variables"), "env/exported-variables")),
        git_credentials=_yes(env.get("git-credential-helper")),
        artifact=_artifact(artifacts, "artifacts") if "files" in artifacts else None,
        secondary={
            name: _artifact(_section(one, name, _ARTIFACTS), f"secondary-artifacts/{name}")
            for name, one in secondary.items()
        },
        ignored=tuple(name for name in ("reports", "cache") if name in top),
    )


def _phase(name: str, raw: object) -> Phase:
    section = _section(raw, f"phases/{name}", _PHASE)
    if "run-as" in section:
        raise BuildspecError(f"phases/{name}: `run-as` is not supported by the local AWS")
    on_failure = section.get("on-failure")
    if on_failure not in (None, "ABORT", "CONTINUE"):
        raise BuildspecError(
            f"phases/{name}: on-failure {on_failure!r} is not supported: ABORT or CONTINUE"
        )
    return Phase(
        commands=tuple(_list(section.get("commands"), f"phases/{name}/commands")),
        last=tuple(_list(section.get("finally"), f"phases/{name}/finally")),
        on_failure=on_failure,
    )


def _artifact(section: Mapping[str, Any], where: str) -> Artifact:
    files = _list(section.get("files"), f"{where}/files")
    if not files:
        raise BuildspecError(f"{where}: `files` is missing")
    for refused in ("enable-symlinks", "s3-prefix"):
        if refused in section:
            raise BuildspecError(f"{where}: `{refused}` is not supported by the local AWS")
    return Artifact(
        files=tuple(files),
        base=str(section.get("base-directory") or ""),
        discard_paths=_yes(section.get("discard-paths")),
        exclude=tuple(_list(section.get("exclude-paths"), f"{where}/exclude-paths")),
        name=section.get("name"),
    )


def _section(raw: object, where: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise BuildspecError(f"{where}: a mapping is wanted")
    unknown = [str(key) for key in raw if key not in known]
    if unknown:
        raise BuildspecError(f"{where}: unknown key `{unknown[0]}`")
    return raw


def _list(raw: object, where: str) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BuildspecError(f"{where}: a list is wanted")
    for one in raw:
        if not isinstance(one, str | int | float):
            raise BuildspecError(f"{where}: {one!r} is not text (quote a line that has `: `)")
    return [str(one) for one in raw]


def _texts(raw: object, where: str) -> dict[str, str]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise BuildspecError(f"{where}: a mapping is wanted")
    return {str(key): _text(value) for key, value in raw.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _yes(value: object) -> bool:
    return value is True or str(value).lower() in ("yes", "true")
