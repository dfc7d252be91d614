"""Triggers: each of a source action over a connection, with filters that can be met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.definition.wrong import Wrong, structure, twice
from landrail.localaws.services.codepipeline.globs import GlobError, translate
from landrail.localaws.services.codepipeline.triggers import CONNECTION, sources

Declaration = Mapping[str, Any]


def check_triggers(pipeline: Declaration) -> Iterator[Wrong]:
    """Yield what is wrong in the triggers of a pipeline."""
    names = {str(one["name"]) for one in sources(pipeline)}
    triggers = [one["gitConfiguration"] for one in pipeline.get("triggers") or []]
    for name in twice([str(one["sourceActionName"]) for one in triggers]):
        yield structure(f"Source action {name} has more than one trigger")
    for number, one in enumerate(triggers, 1):
        name = one["sourceActionName"]
        where = f"Trigger {number} (sourceActionName {name})"
        if name not in names:
            yield structure(f"{where}: the pipeline has no {CONNECTION} source action {name}")
        if one.get("pullRequest"):
            yield structure(f"{where}: pullRequest is not supported by the local AWS: push")
        for filters in one.get("push") or []:
            yield from _push(filters, where)


def _push(filters: Declaration, where: str) -> Iterator[Wrong]:
    given = [name for name in ("tags", "branches", "filePaths") if filters.get(name)]
    if "tags" in given and len(given) > 1:
        yield structure(f"{where}: tags cannot be combined with {' and '.join(given[1:])}")
    if given == ["filePaths"]:
        yield structure(f"{where}: filePaths need branches beside them")
    for name in given:
        if not any(filters[name].get(kind) for kind in ("includes", "excludes")):
            yield structure(f"{where}: {name} must have includes or excludes")
        for kind in ("includes", "excludes"):
            for pattern in filters[name].get(kind) or []:
                try:
                    translate(pattern)
                except GlobError as error:
                    yield structure(f"{where}: {name} {kind} {pattern!r}: {error}")
