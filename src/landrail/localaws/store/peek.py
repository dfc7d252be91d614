"""Looking at moto's backends without making them: reading must not change anything."""

from __future__ import annotations

import importlib
from typing import Any

from moto import backends

PARTITION = "aws"


def backend(package: str, account: str, region: str = PARTITION) -> Any | None:
    """Return a backend of a moto package if it is there; `region` is the partition for global
    services."""
    everyone: Any = backends.get_backend(package)  # type: ignore[call-overload]  # a literal there
    # Not by their own way, which makes what is not there and takes long over it.
    held = dict.get(everyone, account)
    return None if held is None else dict.get(held, region)


def backends_of(package: str, account: str) -> list[Any]:
    """Return the backends of a moto package that are there in an account, in all regions."""
    everyone: Any = backends.get_backend(package)  # type: ignore[call-overload]  # a literal there
    return list(dict.values(everyone[account])) if account in everyone else []


def accounts(package: str) -> list[str]:
    """Return the accounts that have a backend of a moto package."""
    everyone: Any = backends.get_backend(package)  # type: ignore[call-overload]  # a literal there
    return list(everyone)


def loaded(module: str) -> Any:
    """Return a module of moto."""
    return importlib.import_module(f"moto.{module}")
