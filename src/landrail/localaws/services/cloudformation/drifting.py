"""Drift of one resource: the live properties against the last desired ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.cloudformation.types.compare import Difference, differences
from landrail.localaws.services.cloudformation.types.kind import ResourceType

Live = Mapping[str, Any]


def drifts(entry: ResourceType, expected: Live, live: Live) -> Iterator[Difference]:
    """Yield how the live properties differ from those that the template names."""
    for name in sorted(expected):
        yield from differences(entry.properties[name], expected[name], live.get(name), f"/{name}")


def standing(entry: ResourceType, wanted: Live, known: Live, live: Live) -> dict[str, Any]:
    """Return what stands, in the words of what is wanted: a property whose live value means the
    same is given as wanted, so that only true differences are left; properties that neither the
    template names nor named before are left out."""
    result = {}
    for name in {*wanted, *known}:
        actual = live.get(name)
        if name in wanted and not any(
            differences(entry.properties[name], wanted[name], actual, "")
        ):
            result[name] = wanted[name]
        elif actual is not None:
            result[name] = actual
    return result
