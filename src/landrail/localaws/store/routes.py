"""Which handler of moto answers a request: its own tables of paths, by botocore's service name."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from landrail.localaws.api import ApiError

Handler = Callable[[Any, str, Any], tuple[int, dict[str, Any], str | bytes]]

# moto's packages whose name is not botocore's without its hyphens.
_PACKAGES = {"lambda": "awslambda"}


def package(service: str) -> str:
    """Return the name of moto's package for a service."""
    return _PACKAGES.get(service, service.replace("-", ""))


def has(service: str) -> bool:
    """Say whether the store has this service at all."""
    return _table(service) is not None


@lru_cache(maxsize=256)
def _table(service: str) -> tuple[tuple[re.Pattern[str], Handler], ...] | None:
    name = f"moto.{package(service)}.urls"
    try:
        urls = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            return None
        raise ApiError(
            "NotImplemented",
            f"`{service}` of the local AWS needs the package `{error.name}`, which is not there.",
            501,
        ) from error
    paths: dict[str, Handler] = urls.url_paths
    return tuple(
        (re.compile(path.replace("{0}", "", 1)), handler)
        for path, handler in paths.items()
        if path.startswith("{0}")
    )


def handler(service: str, path: str) -> Handler:
    """Return the handler for a path; raises ApiError where the store has none."""
    table = _table(service)
    if table is None:
        raise ApiError("NotImplemented", f"The local AWS has no service `{service}`.", 501)
    for pattern, found in table:
        if pattern.match(path):
            return found
    raise ApiError("NotImplemented", f"The local AWS has no `{service}` operation here.", 501)
