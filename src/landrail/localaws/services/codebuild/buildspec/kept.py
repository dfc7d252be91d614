"""What a buildspec keeps of a build: its artifacts, its reports and its cache."""

from __future__ import annotations

from typing import Literal, TypedDict, cast

import yaml

from landrail.localaws.services.codebuild.buildspec.nodes import Mapping, Reader
from landrail.localaws.services.codebuild.buildspec.values import Artifact, Cache, ReportFiles

TEST_FORMATS = (
    *("JUNITXML", "CUCUMBERJSON", "TESTNGXML", "VISUALSTUDIOTRX", "NUNITXML", "NUNIT3XML"),
)
COVERAGE_FORMATS = ("COBERTURAXML", "CLOVERXML", "JACOCOXML", "SIMPLECOV")
REPORTS_LIMIT = 5
FALLBACKS_LIMIT = 5
_ARTIFACT = (
    *("files", "name", "discard-paths", "base-directory", "exclude-paths", "enable-symlinks"),
    "s3-prefix",
)
_REPORT = ("files", "base-directory", "discard-paths", "file-format")
_CACHE = ("key", "fallback-keys", "action", "paths")


class Artifacts(TypedDict):
    """The artifacts of a buildspec, as `Buildspec` names them."""

    artifact: Artifact | None
    secondary: dict[str, Artifact]


def artifacts(reader: Reader, node: yaml.Node | None) -> Artifacts:
    """Return the artifacts."""
    section = reader.mapping(node, "artifacts", (*_ARTIFACT, "secondary-artifacts"))
    where = "artifacts/secondary-artifacts"
    others = reader.mapping(section.get("secondary-artifacts"), where)
    if section and not others and "files" not in section and node is not None:
        reader.say(node, "artifacts: `files` is missing")
    secondary = {}
    for name, one in others.items():
        inner = reader.mapping(one, f"{where}/{name}", _ARTIFACT)
        if "files" not in inner:
            reader.say(one, f"{where}/{name}: `files` is missing")
        secondary[name] = _artifact(reader, inner, f"{where}/{name}")
    first = _artifact(reader, section, "artifacts") if "files" in section else None
    return {"artifact": first, "secondary": secondary}


def reports(reader: Reader, node: yaml.Node | None) -> tuple[ReportFiles, ...]:
    """Return the reports."""
    groups = reader.mapping(node, "reports")
    if node is not None and len(groups) > REPORTS_LIMIT:
        reader.say(node, f"reports: {len(groups)} report groups, {REPORTS_LIMIT} at most")
    return tuple(_report(reader, name, one) for name, one in groups.items())


def cache(reader: Reader, node: yaml.Node | None) -> Cache | None:
    """Return what is cached."""
    section = reader.mapping(node, "cache", _CACHE)
    if node is None or not section:
        return None
    fallback = reader.texts(section.get("fallback-keys"), "cache/fallback-keys")
    if len(fallback) > FALLBACKS_LIMIT:
        many = f"{len(fallback)} keys, {FALLBACKS_LIMIT} at most"
        reader.say(section["fallback-keys"], f"cache/fallback-keys: {many}")
    action = reader.text(section.get("action"), "cache/action") or ""
    if action not in ("", "restore", "save"):
        reader.say(section["action"], f"cache/action: `{action}` is neither restore nor save")
    paths = reader.texts(section.get("paths"), "cache/paths")
    if not paths:
        reader.say(node, "cache: `paths` is missing")
    return Cache(
        paths=paths,
        key=reader.text(section.get("key"), "cache/key"),
        fallback=fallback,
        action=cast("Literal['', 'restore', 'save']", action),
    )


def _artifact(reader: Reader, section: Mapping, where: str) -> Artifact:
    files = reader.texts(section.get("files"), f"{where}/files")
    if "files" in section and not files:
        reader.say(section["files"], f"{where}/files: at least one file is wanted")
    return Artifact(
        files=files,
        base=reader.text(section.get("base-directory"), f"{where}/base-directory") or "",
        discard_paths=reader.yes(section.get("discard-paths"), f"{where}/discard-paths"),
        exclude=reader.texts(section.get("exclude-paths"), f"{where}/exclude-paths"),
        name=reader.text(section.get("name"), f"{where}/name"),
        prefix=reader.text(section.get("s3-prefix"), f"{where}/s3-prefix") or "",
        symlinks=reader.yes(section.get("enable-symlinks"), f"{where}/enable-symlinks"),
    )


def _report(reader: Reader, name: str, node: yaml.Node) -> ReportFiles:
    where = f"reports/{name}"
    section = reader.mapping(node, where, _REPORT)
    files = reader.texts(section.get("files"), f"{where}/files")
    if "files" not in section:
        reader.say(node, f"{where}: `files` is missing")
    kind = (reader.text(section.get("file-format"), f"{where}/file-format") or "JUNITXML").upper()
    if kind not in (*TEST_FORMATS, *COVERAGE_FORMATS):
        known = ", ".join((*TEST_FORMATS, *COVERAGE_FORMATS))
        reader.say(section["file-format"], f"{where}/file-format: `{kind}` is none of {known}")
    reader.yes(section.get("discard-paths"), f"{where}/discard-paths")
    base = reader.text(section.get("base-directory"), f"{where}/base-directory") or ""
    return ReportFiles(name, files, base, kind)
