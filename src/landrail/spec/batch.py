"""What a model's batch job scores, how and when: the section of the file, and the same keys in the
repository's recipe. What the file says wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from landrail.spec.terms import Schedule
from landrail.spec.texts import Name, mistake
from landrail.spec.worded import Part

Rows = Annotated[int, Field(ge=1)]
_VERSION = r"[A-Za-z0-9][A-Za-z0-9._-]*"


def _version(value: str) -> str:
    if not re.fullmatch(_VERSION, value):
        raise mistake(f"`{value}` is not a version of a data set", "like `2` or `2026-11-23`")
    return value


class Scoring(Part):
    """How files are scored."""

    prefix: str = ""
    """Below the version of the data: only what begins with it (`month=12`)."""
    format: Literal["parquet", "csv"] | None = None
    """Files of this format are cut into shards and scored by the functions that serve; where it is
    left out, whole files go to the model's server by a transform job."""
    output: Literal["parquet", "csv"] | None = None
    """Format of the scores; that of the files where it is left out."""
    header: Literal["present", "absent"] | None = None
    """Whether CSV has a header; without one it has the schema's columns in their order."""
    keep: tuple[str, ...] | None = None
    """Columns that stand beside each prediction; `*` are all."""
    errors: Literal["fail", "aside"] | None = None
    """What becomes of rows that the model refuses: they `fail` their shard, or are put `aside`."""
    most_aside: Annotated[float, Field(ge=0, le=1)] | None = None
    """The share of a shard that may be put aside, 0.01 where it is left out."""
    shard_rows: Rows | None = None
    """Rows of a shard, roughly (500000): a row group of Parquet is not cut."""
    machines: Annotated[int, Field(ge=1, le=16)] = 1
    """How many machines share the work."""


class Batch(Scoring):
    """When and on which data a model's batch job runs beside the one after each release."""

    schedule: Schedule | None = None
    """When it starts by itself (UTC), like `cron(0 4 * * ? *)`, with the version that production
    has then."""
    data: Name | None = None
    """Data set that is scored; the one that the released model learned from where it is left
    out."""
    version: Annotated[str, AfterValidator(_version)] | None = None
    """Version of the data; the one that the released model learned from where it is left out."""

    def said(self) -> Mapping[str, Any]:
        """Return what the file says of the scoring and the data, not of the time."""
        document = self.model_dump(exclude_none=True, exclude_defaults=True, mode="json")
        return {key: value for key, value in document.items() if key != "schedule"}
