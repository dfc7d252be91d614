"""Making moto repeatable: its clock and its dice can be set for one request.

A journal of requests brings the same state back only if the same ids and times come out. moto
draws from one generator of its own almost everywhere; here the exceptions are brought to it, and
every clock that its modules hold is replaced by one that can be stopped.
"""

from __future__ import annotations

import datetime as real_datetime
import hashlib
import os as real_os
import random as real_random
import sys
import time as real_time
import types
import uuid as real_uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.core import base_backend
from moto.kms import models as kms_models
from moto.moto_api._internal import mock_random

from landrail.localaws.api import ApiError

_stopped: list[float] = []
_founded: list[float] = []
"""When the state began: the age of everything that stands in an account from its beginning."""


def now() -> float:
    """Return the time as moto is to see it, in seconds since the epoch."""
    return _stopped[-1] if _stopped else real_time.time()


@contextmanager
def moment(at: float, seed: int) -> Iterator[None]:
    """Stop moto's clock at `at` and set its dice to `seed`."""
    if not _founded:
        _founded.append(at)
    _stopped.append(at)
    mock_random.seed(seed)
    try:
        yield
    finally:
        _stopped.pop()
        mock_random.seed()


def founded() -> float | None:
    """Return when the state began, None where nothing has happened yet."""
    return _founded[0] if _founded else None


def found(at: float | None) -> None:
    """Say when the state began."""
    _founded[:] = [] if at is None else [at]


@contextmanager
def always(text: str) -> Iterator[None]:
    """Set the dice by a text, and put them back afterwards."""
    before = mock_random.getstate()
    mock_random.seed(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))
    try:
        yield
    finally:
        mock_random.setstate(before)


class _Kind(type):
    """Lets moto's `isinstance(x, datetime)` be true of real ones."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, real_datetime.datetime)


class _Datetime(real_datetime.datetime, metaclass=_Kind):
    """`datetime.datetime` with a clock that can be stopped; makes only real ones."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return real_datetime.datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz: real_datetime.tzinfo | None = None) -> Any:
        return real_datetime.datetime.fromtimestamp(now(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(real_datetime.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        return cls.now()


def _copy_of(module: types.ModuleType, **replaced: Any) -> types.ModuleType:
    copied = types.ModuleType(module.__name__, module.__doc__)
    copied.__dict__.update(module.__dict__)
    copied.__dict__.update(replaced)
    return copied


def _urandom(size: int) -> bytes:
    """Bytes of the dice, where moto asks the operating system for those of an id."""
    return mock_random.getrandbits(8 * size).to_bytes(size, "big") if size else b""


_REPLACED: dict[int, Any] = {
    id(real_os): _copy_of(real_os, urandom=_urandom),
    id(real_os.urandom): _urandom,
    id(real_datetime): _copy_of(real_datetime, datetime=_Datetime),
    id(real_datetime.datetime): _Datetime,
    id(real_time): _copy_of(real_time, time=now),
    id(real_time.time): now,
    id(real_random): mock_random,
    id(real_uuid): _copy_of(real_uuid, uuid1=mock_random.uuid1, uuid4=mock_random.uuid4),
    id(real_uuid.uuid1): mock_random.uuid1,
    id(real_uuid.uuid4): mock_random.uuid4,
}
# The dice themselves; and the ids that backends are told apart by, drawn when one is first looked
# at: a request that finds its backend there must draw no other ids than one that does not.
_LEFT = ("moto.moto_api._internal.moto_random", "moto.core.base_backend")
# Initialization vectors, data keys: chance proper. What of it is kept is drawn by `_master_key`.
_CHANCE = ("moto.kms.",)
_tamed: set[str] = set()
_seen = 0


def tame() -> bool:
    """Replace clocks and dice in the modules of moto that were loaded since the last time; return
    whether there were any."""
    global _seen
    if len(sys.modules) == _seen:
        return False
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and name not in _tamed:
            _tamed.add(name)
            _tame(module)
    _seen = len(sys.modules)
    return True


def _tame(module: types.ModuleType) -> None:
    if module.__name__ in _LEFT:
        return
    for name, value in list(vars(module).items()):
        if value is real_os and module.__name__.startswith(_CHANCE):
            continue
        replacement = _REPLACED.get(id(value))
        if replacement is not None:
            setattr(module, name, replacement)


def _master_key() -> bytes:
    """A KMS key's material must come back after a restart, or its ciphertexts are lost."""
    return mock_random.getrandbits(256).to_bytes(32, "big")


_make_backend = base_backend.AccountSpecificBackend.__getitem__


def _repeatable_backend(self: Any, region: str) -> Any:
    """A backend makes things when it is first looked at (a default VPC): always the same ones."""
    key = "aws" if region == "global" else region
    if dict.__contains__(self, key):
        return dict.__getitem__(self, key)
    if key not in self.regions:
        message = f"The local AWS does not have {self.service_name} in the region {region}."
        raise ApiError("UnsupportedOperation", message, 501)
    with always(f"{self.service_name}/{self.account_id}/{key}"):
        _stopped.append(_founded[0] if _founded else now())
        try:
            return _make_backend(self, region)
        finally:
            _stopped.pop()


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (kms_models, "generate_master_key", _master_key),
    (base_backend.AccountSpecificBackend, "__getitem__", _repeatable_backend),
)
