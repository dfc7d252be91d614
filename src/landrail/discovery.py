"""The values that the modules of a package define, so that a new one is one new file.

A catalogue (guardrails, tables, rules) is a package of small modules; what stands in it is
found, in the order of the modules' names. Nothing is found by more than its name and type.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def defined(package: ModuleType, name: str, of: type[T]) -> Iterator[T]:
    """Yield the value called `name` of every module below a package; raises TypeError where a
    module has none, or one of another type: a file in a catalogue that is not of it is a mistake.
    """
    for found in sorted(
        pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=lambda m: m.name
    ):
        if found.ispkg:
            continue
        value = getattr(import_module(found.name), name, None)
        if not isinstance(value, of):
            raise TypeError(f"{found.name} defines no {name} of {of.__name__}")
        yield value
