"""The key `guardrails` as a field of the document: its validator, and its JSON Schema in the forms
that a file may write it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, get_args

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from landrail.spec.choices import (
    KINDS,
    SETS,
    Choice,
    Mode,
    PolicyType,
    read_choices,
    written,
)
from landrail.spec.texts import NAME, Text, mistake, mistakes

_TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
_NAME = {"type": "string", "pattern": f"^{NAME}$", "maxLength": 64}


def guardrails_schema(ids: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the schema of the list; `ids` are the guardrails there are, any name where none are
    given."""
    named: dict[str, Any] = {"enum": sorted(ids)} if ids is not None else _NAME
    words = {"enum": [*SETS, *named["enum"]]} if ids is not None else _NAME
    place = {
        "mode": {"enum": list(get_args(Mode))},
        "in": {**_TEXTS, "description": "Kinds of accounts, or paths of OUs."},
        "reason": {"type": "string", "minLength": 1},
    }
    settings = {**place, "values": _TEXTS, **dict.fromkeys(KINDS, _TEXTS)}
    body = {"anyOf": [_TEXTS, _section(settings)]}
    policy = {
        "policy": _NAME,
        "file": {"type": "string", "description": "JSON file, relative to this one."},
        "type": {"enum": list(get_args(PolicyType))},
        **place,
    }
    chosen = {
        "type": "object",
        "propertyNames": named,
        "additionalProperties": body,
        "minProperties": 1,
        "maxProperties": 1,
        "not": {"required": ["policy"]},
    }
    own = {**_section(policy), "required": ["policy", "file"]}
    return {"type": "array", "minItems": 1, "items": {"anyOf": [words, chosen, own]}}


def _section(properties: dict[str, Any]) -> dict[str, Any]:
    off = {"properties": {"mode": {"const": "off"}}, "required": ["mode"]}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "if": off,
        "then": {"required": ["reason"]},
    }


def _read(given: Any) -> tuple[Choice, ...]:
    if not isinstance(given, list | tuple):
        shown = f"`{given}`" if isinstance(given, str) and given else "nothing"
        if isinstance(given, dict):
            shown = "a mapping"
        elif isinstance(given, Text) and given.tag == "null":
            shown = "nothing"
        raise mistake(f"`guardrails` should be a list, like [one, two], not {shown}")
    if not given:
        raise mistake("`guardrails` is an empty list", "name at least one")
    choices, said = read_choices(given)
    if said:
        raise mistakes(said)
    return choices


Guardrails = Annotated[
    tuple[Choice, ...],
    PlainValidator(_read),
    PlainSerializer(written, return_type=list),
    WithJsonSchema(guardrails_schema()),
]
