"""The names of a service's operations, from botocore's models."""

from __future__ import annotations

from functools import lru_cache

from botocore.loaders import Loader


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()


@lru_cache(maxsize=512)
def operations(service: str) -> frozenset[str]:
    """Return the operations of a service; empty for one that botocore does not know."""
    loader = _loader()
    if service not in loader.list_available_services("service-2"):
        return frozenset()
    return frozenset(loader.load_service_model(service, "service-2")["operations"])
