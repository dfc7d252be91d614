"""What a target gets: the event, a part of it, a constant, or a template filled from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"<([A-Za-z0-9_.\-]+)>")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def payload(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str) -> str:
    """Return the text a target is sent."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath"):
        return json.dumps(at(event, str(target["InputPath"])))
    transformer = target.get("InputTransformer")
    if transformer:
        return _fill(transformer, event, rule_arn)
    return json.dumps(event)


def at(event: object, path: str) -> Any:
    """Return what a path such as `$.detail.key[0]` names, or None."""
    found: Any = event
    for name, index in _STEP.findall(path.removeprefix("$")):
        if index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        elif name and isinstance(found, Mapping):
            found = found.get(name)
        else:
            return None
    return found


def _fill(transformer: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str) -> str:
    paths = transformer.get("InputPathsMap") or {}
    values = {name: at(event, path) for name, path in paths.items()}
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event.json": event,
        "aws.events.event": {key: one for key, one in event.items() if key != "detail"},
    }
    template = str(transformer["InputTemplate"])
    is_json = template.lstrip().startswith(("{", "["))

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return "null" if is_json and not _quoted(template, match.start()) else ""
        if isinstance(value, str):
            quoted = json.dumps(value)
            inside = _quoted(template, match.start()) or not is_json
            return (quoted[1:-1] if is_json else value) if inside else quoted
        return json.dumps(value)

    return _PLACE.sub(put, template)


def _quoted(template: str, position: int) -> bool:
    """Say whether a place in a JSON template stands inside a text."""
    before = re.sub(r"\\.", "", template[:position])
    return before.count('"') % 2 == 1
