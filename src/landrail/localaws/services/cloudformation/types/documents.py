"""Documents and spellings on their way to and from the APIs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from landrail.localaws.services.cloudformation.types.shapes import Shape


def text(document: Any) -> str | None:
    """Return a document as JSON text; None stays None."""
    return None if document is None else json.dumps(document, separators=(",", ":"))


def parsed(document: Any) -> Any:
    """Return the document behind what an API gave: an object, or JSON text, escaped or not."""
    if not isinstance(document, str):
        return document
    plain = document if document.lstrip()[:1] in ("{", "[") else unquote(document)
    return json.loads(plain) if plain.strip() else None


def respelled(shape: Shape, value: Any, names: Mapping[str, str] | None = None) -> Any:
    """Return a value with the members of its objects as APIs in camel case spell them; the keys of
    maps stay. `names` are the exceptions."""
    if value is None:
        return None
    if shape.kind == "object":
        return {
            _camel(key, names): respelled(shape.members[key], item, names)
            for key, item in value.items()
        }
    if shape.kind in ("list", "set") and shape.item is not None:
        return [respelled(shape.item, item, names) for item in value]
    return value


def restored(shape: Shape, value: Any, names: Mapping[str, str] | None = None) -> Any:
    """Return an API's value with the members that the shape knows, spelled as in templates."""
    if value is None:
        return None
    if shape.kind == "object" and isinstance(value, Mapping):
        back = {_camel(key, names): key for key in shape.members}
        return {
            back[key]: restored(shape.members[back[key]], item, names)
            for key, item in value.items()
            if key in back and item is not None
        }
    if shape.kind in ("list", "set") and shape.item is not None and isinstance(value, list):
        return [restored(shape.item, item, names) for item in value]
    return value


def _camel(key: str, names: Mapping[str, str] | None) -> str:
    if names and key in names:
        return names[key]
    return key[0].lower() + key[1:]


def trimmed(shape: Shape, value: Any) -> Any:
    """Return an API's value with only the members that the shape knows."""
    return restored(shape, value, {name: name for name in _all_members(shape)})


def _all_members(shape: Shape) -> set[str]:
    names = set(shape.members)
    for member in shape.members.values():
        names |= _all_members(member)
    if shape.item is not None:
        names |= _all_members(shape.item)
    return names
