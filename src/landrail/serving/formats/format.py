"""The formats by their content types, and which one a request asks for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol, cast

import numpy.typing as npt

from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

Predictions = npt.NDArray[Any]
"""One value a row, shape (rows,), or several, shape (rows, values)."""

_FORMATS = {
    "application/json": "json_body",
    "application/jsonlines": "json_lines",
    "application/x-jsonlines": "json_lines",
    "text/csv": "csv_body",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
}


class Format(Protocol):
    """A module that reads and writes one format."""

    CONTENT_TYPE: str

    def read(self, body: bytes, options: Mapping[str, str], schema: Schema) -> Rows:
        """Return the rows of a body; raises Refusal where it is not of the format."""
        ...

    def write(self, predictions: Predictions) -> bytes:
        """Return predictions as a body."""
        ...


@lru_cache(256)
def of_content_type(content_type: str) -> tuple[Format, Mapping[str, str]]:
    """Return the format of a request's body, JSON where it does not say, and the parameters of
    its content type; raises Refusal (415)."""
    kind, options = _parted(content_type or "application/json")
    if kind not in _FORMATS:
        known = ", ".join(dict.fromkeys(_FORMATS))
        raise Refusal(415, [f"content type `{kind}` is not read here; known are {known}"])
    return _load(kind), options


def accepted(accept: str, otherwise: Format) -> Format:
    """Return the format to answer in, that of the request where any will do; raises Refusal
    (406)."""
    if not accept:
        return otherwise
    wanted = [_parted(part) for part in accept.split(",") if part.strip()]
    for asked, options in sorted(wanted, key=lambda one: -_quality(one[1])):
        if _quality(options) <= 0:
            continue
        if asked in ("*/*", f"{otherwise.CONTENT_TYPE.partition('/')[0]}/*"):
            return otherwise
        kind = asked
        if asked.endswith("/*"):
            kind = next((one for one in _FORMATS if one.startswith(asked[:-1])), asked)
        if kind in _FORMATS:
            return _load(kind)
    if wanted:
        raise Refusal(406, [f"nothing of `{accept}` is written here"])
    return otherwise


def _load(kind: str) -> Format:
    return cast(Format, importlib.import_module(f"landrail.serving.formats.{_FORMATS[kind]}"))


def _parted(content_type: str) -> tuple[str, dict[str, str]]:
    kind, *rest = content_type.split(";")
    pairs = (part.partition("=") for part in rest)
    return kind.strip().lower(), {k.strip().lower(): v.strip().strip('"') for k, _, v in pairs}


def _quality(options: Mapping[str, str]) -> float:
    try:
        return float(options.get("q", "1"))
    except ValueError:
        return 0.0
