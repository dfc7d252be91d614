"""Do the parameters of a call have the form that the operation's model gives them?

Asked once, of what was read from the wire, so that nobody after this meets a list for a name, a
number beyond its bits, or text that is none. Bounds of values and patterns are the services' own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_BITS = {"byte": 7, "short": 15, "integer": 31, "long": 63}
_DEEPEST = 64
NOT_XML = re.compile("[^\\t\\n\\r -\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_NAMES = {"structure": "an object", "map": "an object", "list": "a list", "string": "a string"}


class Misfit(Exception):
    """What does not fit, and where; `missing` for a member that must be there."""

    def __init__(self, where: str, what: str, *, missing: bool = False) -> None:
        super().__init__(f"{where or 'The request'} {what}")
        self.where = where
        self.missing = missing


def check(shape: Any, params: Mapping[str, Any]) -> None:
    """Raise Misfit where parameters do not have the form of an operation's input."""
    _structure(shape, params, "", 0)


def fits_xml(value: Any) -> bool:
    """Say whether all text in it may stand in a document of XML 1.0, as answers quote it."""
    if isinstance(value, str):
        return NOT_XML.search(value) is None
    if isinstance(value, Mapping):
        return all(fits_xml(key) and fits_xml(item) for key, item in value.items())
    return not isinstance(value, list | tuple) or all(fits_xml(item) for item in value)


def _value(shape: Any, value: Any, where: str, depth: int) -> None:
    kind = shape.type_name
    if depth > _DEEPEST:
        raise Misfit(where, "is nested too deeply.")
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            _document(value, where, depth)
        else:
            _structure(shape, value, where, depth)
    elif kind == "list":
        _instance(isinstance(value, list | tuple), kind, where)
        for number, item in enumerate(value):
            _value(shape.member, item, f"{where}.{number + 1}", depth + 1)
    elif kind == "map":
        _instance(isinstance(value, Mapping), kind, where)
        for key, item in value.items():
            _text(key, where)
            _value(shape.value, item, f"{where}.{key}"[:200], depth + 1)
    else:
        _scalar(kind, value, where)


def _structure(shape: Any, value: Any, where: str, depth: int) -> None:
    _instance(isinstance(value, Mapping), "structure", where)
    members = shape.members
    for name, item in value.items():
        if item is not None and name in members:
            _value(members[name], item, f"{where}.{name}" if where else name, depth + 1)
    for name in shape.required_members:
        if value.get(name) is None and not members[name].metadata.get("idempotencyToken"):
            raise Misfit(f"{where}.{name}" if where else name, "must not be null.", missing=True)


def _scalar(kind: str, value: Any, where: str) -> None:
    if kind in ("string", "character"):
        _text(value, where)
    elif kind in _BITS:
        whole = isinstance(value, int) and not isinstance(value, bool)
        _instance(whole and -(1 << _BITS[kind]) <= value < 1 << _BITS[kind], "number", where)
    elif kind in ("float", "double"):
        _instance(isinstance(value, int | float) and abs(value) < float("inf"), "number", where)
    elif kind == "boolean":
        _instance(isinstance(value, bool), "boolean", where)
    elif kind == "timestamp":
        _instance(isinstance(value, datetime), "time", where)


def _text(value: Any, where: str) -> None:
    _instance(isinstance(value, str), "string", where)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Misfit(where, "is not well-formed Unicode.") from error


def _document(value: Any, where: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise Misfit(where, "is nested too deeply.")
    if isinstance(value, Mapping):
        for key, item in value.items():
            _text(key, where)
            _document(item, where, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _document(item, where, depth + 1)
    elif isinstance(value, str):
        _text(value, where)


def _instance(fits: bool, kind: str, where: str) -> None:
    if not fits:
        raise Misfit(where, f"must be {_NAMES.get(kind, f'a {kind} that fits')}.")
