"""The fleets of one endpoint that run, and the record of who is sent how much.

`sagemaker-runtime` reads that record in the table `sagemaker.fleet`, and it is all that the two
services share, besides the lines to processes that the record names.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.services.sagemaker.fleet import CannotServe, Host, Variant
from landrail.localaws.services.sagemaker.hosting.content import model_of, variant_of
from landrail.localaws.services.sagemaker.hosting.strategy import Size
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.store.tables import Table

DRAIN = 65.0
"""Seconds that requests under way are waited for: a container has 60 to answer."""


@dataclass
class Fleet:
    """The processes that serve one content."""

    content: Document
    variants: dict[str, Variant] = field(default_factory=dict)

    @property
    def config(self) -> str:
        """The name of its endpoint configuration."""
        return str(self.content["config"]["EndpointConfigName"])

    def prepare(self, host: Host, place: Place) -> None:
        """Bring images and data of all variants; raises CannotServe."""
        for name in self.content["counts"]:
            if name in self.variants:
                continue
            model = model_of(self.content, name)
            if model is None:
                gone = variant_of(self.content, name)["ModelName"]
                raise CannotServe(f"The model {gone} is gone.")
            group = f"/aws/sagemaker/Endpoints/{place.name}"
            said = variant_of(self.content, name)
            instance = said.get("InstanceType"), said.get("VolumeSizeInGB")
            self.variants[name] = host.prepare(place, name, model, instance, group=group)

    def grow(self, name: str, count: int, halted: Callable[[], bool]) -> None:
        """Start more processes of a variant; raises CannotServe."""
        within = variant_of(self.content, name).get("ContainerStartupHealthCheckTimeoutInSeconds")
        seconds = {"seconds": float(within)} if within else {}
        self.variants[name].grow(count, halted=halted, **seconds)

    def stop(self, drain: float = 0.0) -> None:
        """End all processes, after what is under way."""
        variants, self.variants = list(self.variants.values()), {}
        threads = [threading.Thread(target=one.stop, args=(drain,)) for one in variants]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@dataclass(frozen=True)
class Part:
    """A fleet and its share of the traffic, on `active` of its instances (None: all)."""

    fleet: Fleet
    share: float = 1.0
    active: Size | None = None


class Live:
    """What runs of one endpoint. Whoever starts or ends processes holds `busy` meanwhile."""

    def __init__(self, table: Table, place: Place) -> None:
        """The record goes to `table`."""
        self._table = table
        self.place = place
        self._parts: tuple[Part, ...] = ()
        self.busy = threading.Lock()
        self.wanted = 0
        """How many wait for `busy`: what can wait gives way."""
        self.due = False
        """Whether the record could not be written anew."""

    @property
    def fleets(self) -> list[Fleet]:
        """The fleets that are sent requests."""
        return [part.fleet for part in self._parts]

    @property
    def serves(self) -> bool:
        """Whether anything is served."""
        return bool(self._parts)

    def route(self, *parts: Part) -> None:
        """Send requests so from now on."""
        self._parts = parts
        self.publish()

    def publish(self) -> None:
        """Write the record anew: weights or processes have changed."""
        self.due = True
        if self._parts:
            self._table.put(*self.place.key, value=_record(self._parts))
        else:
            self._table.delete(*self.place.key)
        self.due = False


def _record(parts: Sequence[Part]) -> dict[str, Any]:
    return {"fleets": [_part(part) for part in parts]}


def _part(part: Part) -> dict[str, Any]:
    content = part.fleet.content
    found = []
    for name, variant in part.fleet.variants.items():
        lines = variant.lines
        if part.active is not None:
            lines = lines[: part.active.of(len(lines))] if lines else []
        routing = variant_of(content, name).get("RoutingConfig") or {}
        found.append(
            {
                "name": name,
                "weight": content["weights"][name],
                "lines": lines,
                "role": variant.role,
                "stream": variant.log.stream,
                "least": routing.get("RoutingStrategy") == "LEAST_OUTSTANDING_REQUESTS",
            }
        )
    return {
        "config": part.fleet.config,
        "share": part.share,
        "capture": content["capture"],
        "variants": found,
    }
