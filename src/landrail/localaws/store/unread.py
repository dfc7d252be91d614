"""moto's tables of EC2's instance types, read when somebody first looks into them.

moto reads all of them when it is imported: 60 MB for types and for the offers of every zone of
every region. While it is imported they stand empty; afterwards each is read at the first look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import Any

from moto.utilities import utils

# Before moto.ec2, which asks for regions while it is imported.
from landrail.localaws.store import loading as loading

_TYPES = "ec2/resources/instance_types.json"
_OFFERS = "ec2/resources/instance_type_offerings/"
_load = utils.load_resource


class _When:
    """When a table may be read: not while moto is imported."""

    may = True


@contextmanager
def _unread() -> Iterator[None]:
    """Leave the tables unread that are loaded within."""
    utils.load_resource = _table
    _When.may = False
    try:
        yield
    finally:
        _When.may = True
        utils.load_resource = _load


def _table(resource: str) -> Any:
    if resource == _TYPES:
        return _Types(resource)
    if resource.startswith(_OFFERS):
        return _Offers(resource)
    return _load(resource)


def _reading(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def reads(table: Any, *arguments: Any) -> Any:
        table.read()
        return method(table, *arguments)

    return reads


class _Types(dict[str, Any]):
    """The instance types by name."""

    def __init__(self, resource: str) -> None:
        super().__init__()
        self._resource: str | None = resource

    def read(self) -> None:
        if _When.may and self._resource is not None:
            resource, self._resource = self._resource, None
            self.update(_load(resource))

    for _name in ("__getitem__", "__iter__", "__len__", "__contains__", "keys", "items", "get"):
        locals()[_name] = _reading(getattr(dict, _name))


class _Offers(list[dict[str, Any]]):
    """The types that each zone of a region offers, each told with the kind of its place."""

    def __init__(self, resource: str) -> None:
        super().__init__()
        self._resource: str | None = resource

    def read(self) -> None:
        if _When.may and self._resource is not None:
            resource, self._resource = self._resource, None
            place = resource.split("/")[-2]
            self.extend({**offer, "LocationType": place} for offer in _load(resource))

    for _name in ("__getitem__", "__iter__", "__len__", "__contains__"):
        locals()[_name] = _reading(getattr(list, _name))


class _All(list[Any]):
    """What moto makes of all types for every account's backend."""

    def read(self) -> None:
        if not list.__len__(self):
            self.extend(map(instance_types.InstanceType, instance_types.INSTANCE_TYPES.keys()))

    for _name in ("__getitem__", "__iter__", "__len__", "__contains__"):
        locals()[_name] = _reading(getattr(list, _name))


with _unread():
    instance_types = import_module("moto.ec2.models.instance_types")
instance_types.InstanceTypeBackend.instance_types = _All()
