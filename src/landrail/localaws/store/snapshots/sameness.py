"""Whether two graphs of objects are the same: same values, same kinds, same sharing.

Before a snapshot counts, what it brings back is held against what it was made of. Kinds that are
not known here are compared by what pickle would write of them; where that fails too, they are not
the same.
"""

from __future__ import annotations

import _thread
import datetime
import decimal
import ipaddress
import re
import types
import uuid
import weakref
from collections import deque
from collections.abc import Iterator
from enum import Enum
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.model import ServiceModel
from moto.iam.models import AWSManagedPolicy

_EQUAL = (
    *(str, bytes, int, float, complex, bool, type(None), datetime.datetime, datetime.date),
    *(datetime.timedelta, datetime.timezone, datetime.time, decimal.Decimal, uuid.UUID, range),
    *(ipaddress.IPv4Address, ipaddress.IPv4Network, ipaddress.IPv6Address, ipaddress.IPv6Network),
    *(bytearray, re.Pattern),
)
_ITSELF = (
    *(type, types.ModuleType, types.CodeType, Enum, BackendDict, AccountSpecificBackend),
    *(types.BuiltinFunctionType, property, type(Ellipsis), ServiceModel),
)
_EMPTY = (_thread.LockType, _thread.RLock)
Pair = tuple[Any, Any]
Path = tuple[Any, ...]


def difference(one: Any, other: Any) -> str | None:
    """Return where two graphs first differ, None if they do not."""
    there: dict[int, int] = {}
    back: dict[int, int] = {}
    held: list[Any] = []
    left: list[tuple[Any, Any, Path]] = [(one, other, ())]
    while left:
        a, b, path = left.pop()
        if type(a) is not type(b):
            return _at(path, a, b)
        if isinstance(a, _EQUAL):
            if a != b and a == a:  # not a number is not itself
                return _at(path, a, b)
            continue
        if type(a) is tuple:
            # Which of two equal ones it is cannot be told: what it holds can.
            if len(a) != len(b):
                return _at(path, a, b)
            left += [(x, y, (i, path)) for i, (x, y) in enumerate(zip(a, b, strict=True))]
            continue
        known, known_back = there.get(id(a)), back.get(id(b))
        if known is not None or known_back is not None:
            if known != id(b) or known_back != id(a):
                return _at(path, a, b)
            continue
        there[id(a)], back[id(b)] = id(b), id(a)
        held += (a, b)  # what is made on the way keeps its id
        parts = _parts(a, b)
        if parts is None:
            return _at(path, a, b)
        left += [(x, y, (step, path)) for step, (x, y) in parts]
    return None


def _at(path: Path, a: Any, b: Any) -> str:
    steps: list[str] = []
    while path:
        step, path = path
        steps.append(str(step))
    return f"{'/'.join(reversed(steps))}: {type(a).__name__} and {type(b).__name__}"


def _parts(a: Any, b: Any) -> list[tuple[Any, Pair]] | None:
    """The pairs that must be the same for these two to be; None if they cannot be."""
    if isinstance(a, _ITSELF) and not isinstance(a, types.BuiltinFunctionType):
        return [] if a is b else None
    if isinstance(a, _EMPTY):
        return []
    if isinstance(a, AWSManagedPolicy) and _copies(vars(a), vars(b)):
        return []
    found: list[tuple[Any, Pair]] = []
    for parts in _kinds(a, b):
        if parts is None:
            return None
        found += parts
    return found


def _copies(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two policies are copies of one: there are hundred thousands of them."""
    return a.keys() == b.keys() and all(a[name] is b[name] for name in a)


def _kinds(a: Any, b: Any) -> Iterator[list[tuple[Any, Pair]] | None]:
    yield from _contents(a, b)
    if isinstance(a, types.FunctionType):
        yield _function(a, b)
    elif isinstance(a, types.MethodType | types.BuiltinFunctionType):
        yield _method(a, b)
    elif isinstance(a, weakref.ref):
        yield [("referred", (a(), b()))]
    elif isinstance(a, dict | list | tuple | set | frozenset | deque) or _plain(a):
        if hasattr(a, "__dict__"):
            yield _mappings(vars(a), vars(b))
        yield _slots(a, b)
        if hasattr(a, "default_factory"):
            yield [("default", (a.default_factory, b.default_factory))]
    else:
        yield _reduced(a, b)


def _contents(a: Any, b: Any) -> Iterator[list[tuple[Any, Pair]] | None]:
    if isinstance(a, dict):
        yield _mappings(a, b)
    elif isinstance(a, list | tuple | deque):
        if len(a) != len(b):
            yield None
        else:
            yield [(i, pair) for i, pair in enumerate(zip(a, b, strict=True))]
    elif isinstance(a, set | frozenset):
        yield _sets(a, b)


def _mappings(a: Any, b: Any) -> list[tuple[Any, Pair]] | None:
    if len(a) != len(b):
        return None
    found: list[tuple[Any, Pair]] = []
    for (k, v), (key, w) in zip(dict.items(a), dict.items(b), strict=True):
        found += [(f"{k!s}", (v, w)), ("key", (k, key))]
    return found


def _sets(a: Any, b: Any) -> list[tuple[Any, Pair]] | None:
    if len(a) != len(b):
        return None
    if all(isinstance(x, _EQUAL) for x in a):
        return [] if a == b else None
    kinds = sorted(type(x).__qualname__ for x in a) == sorted(type(x).__qualname__ for x in b)
    if len(a) == 1 and kinds:
        return [("only", (next(iter(a)), next(iter(b))))]
    # Objects without an order among them: what they hold is compared where else they are held.
    return [] if kinds else None


def _plain(value: Any) -> bool:
    kind = type(value)
    own = all(getattr(kind, n) is getattr(object, n) for n in ("__reduce_ex__", "__reduce__"))
    return own and (hasattr(value, "__dict__") or bool(_slot_names(kind)) or kind is object)


def _slot_names(kind: type) -> list[str]:
    return [
        name
        for base in kind.__mro__
        for name in _named(vars(base).get("__slots__", ()))
        if name not in ("__dict__", "__weakref__")
    ]


def _named(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _slots(a: Any, b: Any) -> list[tuple[Any, Pair]]:
    missing = object()
    return [
        (name, (getattr(a, name, missing), getattr(b, name, missing)))
        for name in _slot_names(type(a))
    ]


def _function(a: types.FunctionType, b: types.FunctionType) -> list[tuple[Any, Pair]] | None:
    if a.__code__ is not b.__code__ or a.__globals__ is not b.__globals__:
        return None
    cells = ([c.cell_contents for c in f.__closure__ or ()] for f in (a, b))
    pairs: list[tuple[Any, Pair]] = [("defaults", (a.__defaults__, b.__defaults__))]
    return [*pairs, ("closure", (next(cells), next(cells)))]


def _method(a: Any, b: Any) -> list[tuple[Any, Pair]] | None:
    if a.__name__ != b.__name__:
        return None
    return [("self", (a.__self__, b.__self__))]


def _reduced(a: Any, b: Any) -> list[tuple[Any, Pair]] | None:
    try:
        one, other = a.__reduce_ex__(4), b.__reduce_ex__(4)
    except (TypeError, AttributeError):
        return None
    listed = ([list(x) if isinstance(x, Iterator) else x for x in r] for r in (one, other))
    return [("reduced", (next(listed), next(listed)))]
