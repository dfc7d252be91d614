"""The tags in a request, in the many shapes services give them: `aws:RequestTag`, `aws:TagKeys`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from landrail.localaws.gateway.requests.values import ContextValue

_LISTS = ("tags", "taglist", "tagslist", "tagset", "addtags")
_KEYS = ("tagkeys", "tagkeylist", "tagstoremove", "removetags")


def request_tags(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that the call gives to what it makes or changes."""
    found: dict[str, str] = {}
    for name, value in params.items():
        lowered = name.lower()
        if lowered in _LISTS:
            found.update(_pairs(value))
        elif lowered == "tagspecifications" and isinstance(value, list | tuple):
            for item in value:
                found.update(_pairs(item.get("Tags", ())))
        elif lowered == "tagging":
            found.update(_tagging(value))
    return found


def tag_context(params: Mapping[str, Any]) -> dict[str, ContextValue]:
    """Return `aws:RequestTag/KEY` for each tag and `aws:TagKeys` where tags or keys are given."""
    tags = request_tags(params)
    context: dict[str, ContextValue] = {f"aws:RequestTag/{k}": v for k, v in tags.items()}
    keys = list(tags)
    for name, value in params.items():
        if name.lower() in _KEYS and isinstance(value, list | tuple):
            keys += [str(v) for v in value]
    if keys:
        context["aws:TagKeys"] = tuple(dict.fromkeys(keys))
    return context


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if "TagSet" in value:
            yield from _pairs(value["TagSet"])
            return
        for key, text in value.items():
            yield str(key), str(text)
        return
    for item in value if isinstance(value, list | tuple) else ():
        if not isinstance(item, Mapping):
            continue
        lowered = {str(k).lower(): v for k, v in item.items()}
        key = lowered.get("key", lowered.get("tagkey"))
        if key is not None:
            yield str(key), str(lowered.get("value", lowered.get("tagvalue", "")))


def _tagging(value: Any) -> Iterator[tuple[str, str]]:
    """S3: `Tagging` is a query string in PutObject and a structure in Put*Tagging."""
    if isinstance(value, str):
        yield from parse_qsl(value, keep_blank_values=True)
    else:
        yield from _pairs(value)
