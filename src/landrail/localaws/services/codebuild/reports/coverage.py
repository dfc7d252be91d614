"""Coverage of code, from the files that coverage tools write: one reader for each format.

A reader takes a file's content and gives what was covered of each source file; what it cannot
read is a ValueError.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from landrail.localaws.services.codebuild.reports.results import xml

_BRANCHES = re.compile(r"\((\d+)/(\d+)\)")


@dataclass(frozen=True, slots=True)
class Covered:
    """Lines and branches of one source file."""

    path: str
    lines: int
    lines_missed: int
    branches: int = 0
    branches_missed: int = 0


def read(kind: str, content: bytes) -> list[Covered]:
    """Return what a file tells of each source file; raises ValueError."""
    return list(_READERS[kind](content))


def percentage(covered: int, missed: int) -> float:
    """Return the share that is covered, in percent; of nothing, it is 0."""
    return round(100 * covered / (covered + missed), 2) if covered + missed else 0.0


def _cobertura(content: bytes) -> Iterator[Covered]:
    for owner in xml(content, "coverage").iter("class"):
        lines = owner.findall("lines/line")
        hit = sum(int(line.get("hits") or 0) > 0 for line in lines)
        found = [_BRANCHES.search(line.get("condition-coverage") or "") for line in lines]
        taken = sum(int(one[1]) for one in found if one)
        total = sum(int(one[2]) for one in found if one)
        yield Covered(owner.get("filename") or "", hit, len(lines) - hit, taken, total - taken)


def _clover(content: bytes) -> Iterator[Covered]:
    for file in xml(content, "coverage").iter("file"):
        lines = [line for line in file.findall("line") if line.get("type") != "cond"]
        hit = sum(int(line.get("count") or 0) > 0 for line in lines)
        ways = [
            int(line.get(name) or 0) > 0
            for line in file.findall("line")
            if line.get("type") == "cond"
            for name in ("truecount", "falsecount")
        ]
        path = file.get("path") or file.get("name") or ""
        yield Covered(path, hit, len(lines) - hit, sum(ways), len(ways) - sum(ways))


def _jacoco(content: bytes) -> Iterator[Covered]:
    for package in xml(content, "report").iter("package"):
        for file in package.findall("sourcefile"):
            counters = {
                one.get("type"): (int(one.get("covered") or 0), int(one.get("missed") or 0))
                for one in file.findall("counter")
            }
            path = f"{package.get('name')}/{file.get('name')}"
            none = (0, 0)
            yield Covered(path, *counters.get("LINE", none), *counters.get("BRANCH", none))


def _simplecov(content: bytes) -> Iterator[Covered]:
    document = json.loads(content)
    if not isinstance(document, dict):
        raise ValueError("an object of results is wanted")
    for result in document.values():
        for path, found in (result.get("coverage") or {}).items():
            counts = found.get("lines") if isinstance(found, dict) else found
            known = [one for one in counts or [] if isinstance(one, int)]
            hit = sum(one > 0 for one in known)
            yield Covered(path, hit, len(known) - hit)


_READERS: Mapping[str, Callable[[bytes], Iterator[Covered]]] = {
    "COBERTURAXML": _cobertura,
    "CLOVERXML": _clover,
    "JACOCOXML": _jacoco,
    "SIMPLECOV": _simplecov,
}
