"""What a batch job is asked for: the repository's recipe, and over it what the platform's file and
the execution say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.spec.batch import Scoring

WHOLE_FILES = ("content_type", "compression")
"""Keys of the recipe that say how whole files go to the model's server."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch job: `data` is `DATASET@VERSION`; `order` is for what scores shards; `whole_files`
    for a transform job."""

    data: str
    scoring: Scoring
    whole_files: Mapping[str, str]

    @property
    def by_shards(self) -> bool:
        """Whether files are cut into shards, or go whole to the model's server."""
        return self.scoring.format is not None

    @property
    def order(self) -> dict[str, Any]:
        """Return what the order says, as `landrail.serving.batch` reads it."""
        said = self.scoring.model_dump(exclude_none=True, mode="json")
        return {key: said[key] for key in said if key not in ("prefix", "machines")}


def ask(
    recipe: Mapping[str, Any], file: Mapping[str, Any], *, learned_from: str, data: str
) -> Asked:
    """Put together what is asked for: `recipe` is the repository's, `file` the platform's, `data`
    what the execution says, `learned_from` the data of the released model. Raises Mistakes."""
    merged = {**recipe, **file}
    whole = {key: str(merged.pop(key)) for key in WHOLE_FILES if key in merged}
    named, _, version = learned_from.partition("@")
    wanted = str(merged.pop("data", named))
    at = str(merged.pop("version", version))
    try:
        scoring = Scoring.model_validate(merged)
    except ValidationError as error:
        raise Mistakes([Diagnostic(f"what is to be scored is not clear: {error}")]) from None
    if data and "@" not in data:
        data = f"{data}@{at}"
    return Asked(data or f"{wanted}@{at}", scoring, whole)


def of_file(text: str) -> dict[str, Any]:
    """Read what the build project was told of the file."""
    return dict(json.loads(text)) if text else {}


def wrong_scoring(recipe: Any, requires: frozenset[str]) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong in `tool.landrail.batch` of a repository, and what to do."""
    where = "tool.landrail.batch"
    if not isinstance(recipe, Mapping):
        yield f"`{where}` is a table of keys", None
        return
    known = (*Scoring.model_fields, *WHOLE_FILES)
    for key in recipe:
        if key not in known:
            guess = nearest(key, known)
            remedy = f"did you mean `{guess}`?" if guess else f"known: {', '.join(known)}"
            yield f"unknown key `{where}.{key}`", remedy
    try:
        Scoring.model_validate({k: v for k, v in recipe.items() if k in Scoring.model_fields})
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(map(str, (where, *one["loc"])))
            yield f"`{place}`: {one['msg'].lower()}", None
    if "format" in recipe and any(key in recipe for key in WHOLE_FILES):
        yield (
            f"`{where}.format` and `{where}.content_type` are two ways to score",
            "keep `format` for shards, or `content_type` for whole files",
        )
    if "format" in recipe and "landrail" not in requires:
        yield (
            f"`{where}.format` needs `landrail.serving`",
            "add `landrail[serving]` to `project.dependencies`, or score whole files "
            "(`content_type`)",
        )
