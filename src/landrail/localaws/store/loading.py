"""botocore's service models, read once and without their documentation.

moto makes a loader for every model it reads, and each keeps an `OrderedDict` for every shape with
all of AWS's prose: for thirty services that is most of the server's memory. Here one loader reads
each file once, without the prose and with equal words shared, and leaves each shape packed until
somebody asks for it: of thousands, few are.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from sys import intern
from typing import Any

import boto3
from botocore.loaders import JSONFileLoader
from botocore.session import Session
from moto.core.loaders import Loader, moto_root


class _Lean(JSONFileLoader):  # type: ignore[misc]  # botocore has no types
    def load_file(self, file_path: str) -> Any:
        """Return a model without its prose, None where there is no such file."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            text = plain.read_bytes()
        elif packed.is_file():
            text = gzip.decompress(packed.read_bytes())
        else:
            return None
        model = json.loads(text, object_pairs_hook=_without_prose)
        if "shapes" in model:
            model["shapes"] = _Shapes(model["shapes"])
        return model


class _Shapes(dict[str, Any]):
    """The shapes of a model by name, as JSON until they are asked for.

    botocore asks by name and lists names; what else a dictionary can do would give packed shapes,
    and raises TypeError.
    """

    def __init__(self, shapes: dict[str, Any]) -> None:
        super().__init__((name, json.dumps(shape).encode()) for name, shape in shapes.items())

    def __getitem__(self, name: str) -> Any:
        shape = super().__getitem__(name)
        if shape.__class__ is bytes:
            # Two threads may do this at once; what they unpack is the same.
            shape = json.loads(shape, object_pairs_hook=_without_prose)
            self[name] = shape
        return shape

    def _packed(self, *_: object) -> Any:
        raise TypeError("shapes are unpacked one by one, by name")

    get = items = values = copy = pop = popitem = setdefault = _packed


def _without_prose(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A member may be called `documentation`, and is a dictionary then; prose is a text. Equal
    dictionaries stay apart: moto writes names into those of some shapes."""
    return {
        intern(name): intern(value) if value.__class__ is str else value
        for name, value in pairs
        if name != "documentation" or value.__class__ is not str
    }


@cache
def loader() -> Loader:
    """Return the one loader of this process."""
    return Loader(extra_search_paths=[moto_root], file_loader=_Lean())


@cache
def _session() -> Session:
    session = Session()
    session.register_component("data_loader", loader())
    return session


@cache
def _regions(service: str) -> tuple[str, ...]:
    session = _session()
    return tuple(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    )


def regions(_backends: object, service: str) -> list[str]:
    """Return the regions of a service, in place of the method with which moto asks a session of
    its own for them, for every account again."""
    return list(_regions(service))


def _shared(
    _asked: boto3.Session,
    service_name: str,
    partition_name: str = "aws",
    allow_non_regional: bool = False,
) -> list[str]:
    return list(_session().get_available_regions(service_name, partition_name, allow_non_regional))


# moto.ec2 makes three sessions when it is imported, only to ask each for a list of regions: that is
# a third of the time of a start.
setattr(boto3.Session, "get_available_regions", _shared)  # noqa: B010  (its type is a method's)
