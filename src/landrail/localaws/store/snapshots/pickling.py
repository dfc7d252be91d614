"""moto's objects to bytes and back: what pickle does not know, and what it must not load.

Locks come back unlocked, functions by their place in their module, weak references to the same
objects, AWS's own policies as copies of those that each process reads. What is none of that, and
cannot be pickled either, raises: then there is no snapshot, and the journal is replayed.
"""

from __future__ import annotations

import _thread
import importlib
import io
import pickle
import sys
import threading
import types
import weakref
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.model import ServiceModel
from moto.core.utils import get_service_model
from moto.iam.models import AWSManagedPolicy
from moto.s3.models import FakeKey

from landrail.localaws.store.mends import neutral

_OURS = ("moto.", "landrail.localaws.store.", "requests.structures", "werkzeug.")
# Of Python's own modules, what makes values; never what runs or imports something.
_STANDARD = {
    "collections": {"OrderedDict", "defaultdict", "deque", "Counter"},
    "copyreg": {"_reconstructor", "__newobj__", "__newobj_ex__"},
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "functools": {"partial"},
    "ipaddress": {
        *("IPv4Address", "IPv4Network", "IPv4Interface"),
        *("IPv6Address", "IPv6Network", "IPv6Interface"),
    },
    "re": {"_compile"},
    "threading": {"Condition", "Event"},
    "uuid": {"UUID", "SafeUUID"},
    "weakref": {"ref", "ReferenceType", "WeakSet"},
    "_weakref": {"ref", "ReferenceType"},
    "zoneinfo": {"ZoneInfo"},
    "builtins": {
        *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list"),
        *("object", "range", "set", "slice", "str", "tuple", "type", "getattr", "iter"),
        *("reversed", "Exception", "NotImplemented", "Ellipsis"),
    },
}
_KNOWN_MAPPINGS = (OrderedDict, Counter)


class Unfit(Exception):
    """This cannot be in a snapshot; its text says what it is."""


def dump(value: Any) -> bytes:
    """Return an object of moto's, with all it refers to, as bytes; raises Unfit."""
    into = io.BytesIO()
    try:
        _Pickler(into, protocol=5).dump(value)
    except (TypeError, AttributeError, ValueError, pickle.PicklingError, RecursionError) as error:
        raise Unfit(f"{error}") from error
    return into.getvalue()


def load(data: bytes) -> Any:
    """Return the object that was dumped; raises Unfit."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except (
        *(pickle.UnpicklingError, Unfit, AttributeError, EOFError, ImportError, IndexError),
        *(TypeError, ValueError, KeyError, RecursionError),
    ) as error:
        raise Unfit(f"{type(error).__name__}: {error}") from error


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return what a snapshot may be made of; anything else is refused."""
        if name in _STANDARD.get(module, ()):
            return super().find_class(module, name)
        if f"{module}.".startswith(_OURS):
            found = super().find_class(module, name)
            # Not what a module has only imported, such as `os`.
            if getattr(found, "__module__", None) == module:
                return found
        raise Unfit(f"{module}.{name} does not belong in a snapshot")


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Say how a value is made again, for the few kinds that pickle cannot."""
        kind = type(value)
        reduce = _REDUCERS.get(kind)
        if reduce is not None:
            return reduce(value)
        if kind is defaultdict:
            return NotImplemented
        if isinstance(value, BackendDict):
            return backends, name_of(value)
        if isinstance(value, dict) and not isinstance(value, _KNOWN_MAPPINGS):
            factory = value.default_factory if isinstance(value, defaultdict) else None
            state = (getattr(value, "__dict__", None), factory, dict(dict.items(value)))
            return mapping, (type(value),), state, None, None, fill
        return NotImplemented


def _function(value: types.FunctionType) -> Any:
    if "<" not in value.__qualname__:
        return NotImplemented
    module = value.__module__
    for place, code in enumerate(_codes(module)):
        if code is value.__code__:
            closure = tuple(c.cell_contents for c in value.__closure__ or ())
            return code_of, (module, place, value.__defaults__, value.__kwdefaults__, closure)
    raise Unfit(f"the function {module}.{value.__qualname__}")


def code_of(
    module: str, place: int, defaults: Any, keywords: Any, closure: tuple[Any, ...]
) -> types.FunctionType:
    """Return a function by the place of its code in its module."""
    loaded = importlib.import_module(module)
    code = _codes(module)[place]
    cells = tuple(types.CellType(value) for value in closure)
    made = types.FunctionType(code, vars(loaded), code.co_name, defaults, cells)
    made.__kwdefaults__ = keywords
    made.__qualname__ = code.co_qualname
    made.__module__ = module
    return made


@cache
def _codes(module: str) -> tuple[types.CodeType, ...]:
    """All code of a module, in an order that only its source decides."""
    loaded = importlib.import_module(module)
    return tuple(
        code
        for value in vars(loaded).values()
        if getattr(value, "__module__", None) == module
        for function in (vars(value).values() if isinstance(value, type) else (value,))
        for code in _nested(_code(function))
    )


def _code(value: Any) -> types.CodeType | None:
    if isinstance(value, property):
        value = value.fget
    return getattr(getattr(value, "__func__", value), "__code__", None)


def _nested(code: types.CodeType | None) -> Iterator[types.CodeType]:
    if code is None:
        return
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _policy(value: AWSManagedPolicy) -> Any:
    template = neutral.aws_policy(value.arn)
    mine, its = vars(value), vars(template) if template is not None else {}
    same = mine.keys() == its.keys() and all(
        mine[name] is its[name] for name in mine if name != "attachment_count"
    )
    return (aws_policy, (value.arn, value.attachment_count)) if same else NotImplemented


def aws_policy(arn: str, attachments: int) -> Any:
    """Return a copy of a policy of AWS's own."""
    made = neutral.copied(arn)
    made.attachment_count = attachments
    return made


def mapping(kind: type) -> Any:
    """Return a dictionary of moto's own kind, without asking its `__init__`."""
    make: Any = kind.__new__
    return make(kind)


def fill(made: Any, state: tuple[dict[str, Any] | None, Any, dict[Any, Any]]) -> None:
    """Fill such a dictionary, without asking its `__setitem__`."""
    attributes, factory, items = state
    if isinstance(made, defaultdict):
        made.default_factory = factory
    dict.update(made, items)
    if attributes is not None:
        vars(made).update(attributes)


def bare(kind: type) -> Any:
    """Return an object without asking its `__init__`."""
    return object.__new__(kind)


def set_all(made: Any, attributes: dict[str, Any]) -> None:
    """Set its attributes without asking its `__setstate__`."""
    vars(made).update(attributes)


def _model(value: ServiceModel) -> Any:
    name = value.service_name
    return (get_service_model, (name,)) if get_service_model(name) is value else NotImplemented


def _as_it_is(value: Any) -> Any:
    """For kinds whose own `__getstate__` leaves something out."""
    return bare, (type(value),), vars(value), None, None, set_all


def lock() -> Any:
    """Return a lock that nobody holds."""
    return threading.Lock()


def recursive_lock() -> Any:
    """Return a recursive lock that nobody holds."""
    return threading.RLock()


class _Gone:
    """What a dead reference referred to."""


def dead() -> weakref.ref[_Gone]:
    """Return a weak reference to what is no more."""
    return weakref.ref(_Gone())


def weak_values(items: dict[Any, Any]) -> weakref.WeakValueDictionary[Any, Any]:
    """Return a dictionary that holds its values weakly."""
    return weakref.WeakValueDictionary(items)


def account_backends(module: str, name: str, account: str) -> AccountSpecificBackend[Any]:
    """Return the backends of one account."""
    return backends(module, name)[account]


def backends(module: str, name: str) -> BackendDict[Any]:
    """Return the backends of a service by where moto keeps them."""
    found: BackendDict[Any] = getattr(importlib.import_module(module), name)
    return found


def in_use() -> list[BackendDict[Any]]:
    """Return the backends of all services that have any."""
    kind: Any = BackendDict
    found: list[BackendDict[Any]] = kind._instances
    return found


def name_of(value: BackendDict[Any]) -> tuple[str, str]:
    """Return where moto keeps these backends; raises Unfit."""
    module = value.backend.__module__
    package = ".".join(module.split(".")[:2])
    names = [n for n in sys.modules if n in (module, package) or n.startswith(f"{package}.")]
    for place in sorted(names, key=lambda n: (n != module, n)):
        for name, held in vars(sys.modules[place]).items():
            if held is value:
                return place, name
    raise Unfit(f"the backends of {value.service_name}")


def _account(value: AccountSpecificBackend[Any]) -> Any:
    for held in in_use():
        if dict.get(held, value.account_id) is value:
            return account_backends, (*name_of(held), value.account_id)
    raise Unfit(f"the backends of {value.service_name} in {value.account_id}")


def _reference(value: weakref.ref[Any]) -> Any:
    target = value()
    return (dead, ()) if target is None else (weakref.ref, (target,))


_REDUCERS: dict[type, Callable[[Any], Any]] = {
    types.FunctionType: _function,
    AWSManagedPolicy: _policy,
    FakeKey: _as_it_is,
    ServiceModel: _model,
    AccountSpecificBackend: _account,
    _thread.LockType: lambda _: (lock, ()),
    _thread.RLock: lambda _: (recursive_lock, ()),
    weakref.ref: _reference,
    weakref.WeakValueDictionary: lambda value: (weak_values, (dict(value),)),
}
