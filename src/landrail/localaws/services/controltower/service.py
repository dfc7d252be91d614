"""Control Tower: landing zones, baselines and controls over one organization, and their tags."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, Door, Operation, Platform
from landrail.localaws.services.controltower.acting import Place
from landrail.localaws.services.controltower.baselines import Baselines
from landrail.localaws.services.controltower.controls import Controls
from landrail.localaws.services.controltower.governing import Governing
from landrail.localaws.services.controltower.records import Records, missing
from landrail.localaws.services.controltower.working import Worker
from landrail.localaws.services.controltower.zones import Zones
from landrail.localaws.store import Tables


class ControlTower(Answering):
    """The service."""

    name = "controltower"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._records = Records(tables)
        self._worker = Worker(platform, self._records)
        parts = (platform, self._records, self._worker, Governing(self._records))
        self.operations: Mapping[str, Operation] = {
            **Zones(*parts).operations(),
            **Baselines(*parts).operations(),
            **Controls(*parts).operations(),
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Add tags to a resource."""
        place, arn, held = self._tagged(call)
        self._records.tags.put(place, arn, {"tags": {**held, **call.params["tags"]}})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Take tags from a resource."""
        place, arn, held = self._tagged(call)
        left = {key: value for key, value in held.items() if key not in call.params["tagKeys"]}
        self._records.tags.put(place, arn, {"tags": left})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the tags of a resource."""
        return {"tags": self._tagged(call)[2]}

    def start(self) -> None:
        """Take up operations that a restart cut off."""
        self._worker.start()

    def stop(self) -> None:
        """Let what runs end."""
        self._worker.stop()

    def _tagged(self, call: ApiCall) -> tuple[Place, str, dict[str, str]]:
        place, arn = Place(call.account, call.region), str(call.params["resourceArn"])
        kinds = (self._records.zones, self._records.baselines, self._records.controls)
        if all(kind.get(place, arn) is None for kind in kinds):
            raise missing(f"Resource {arn} does not exist.")
        kept = self._records.tags.get(place, arn) or {}
        return place, arn, dict(kept.get("tags") or {})
