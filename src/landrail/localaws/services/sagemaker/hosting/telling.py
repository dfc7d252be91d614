"""What is written of an endpoint while it changes, and the events that say so.

Source: SageMaker Developer Guide, "Events that SageMaker AI sends to EventBridge": the endpoint's
state by its own, each stage of a deployment by another; statuses in capitals, times in
milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.api import Platform
from landrail.localaws.services.sagemaker.announcing import publish
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document, Records, now

_STATE = "SageMaker Endpoint State Change"
_STAGE = "SageMaker Endpoint Deployment State Change"
_TOLD = (
    *("EndpointName", "EndpointArn", "EndpointConfigName", "ProductionVariants"),
    *("EndpointStatus", "FailureReason", "CreationTime", "LastModifiedTime"),
    "PendingDeploymentSummary",
)
_TIMES = frozenset({"CreationTime", "LastModifiedTime", "StartTime", "ResolutionTime"})


class Teller:
    """Writes endpoints, and publishes what has changed."""

    def __init__(self, platform: Platform, records: Records) -> None:
        self._platform, self._records = platform, records

    def set(self, place: Place, **members: Any) -> None:
        """Write members of an endpoint; None takes one away."""

        def apply(document: Document) -> None:
            for name, value in members.items():
                if value is None:
                    document.pop(name, None)
                else:
                    document[name] = value

        self.change(place, apply)

    def change(self, place: Place, apply: Callable[[Document], None]) -> None:
        """Change an endpoint in place."""
        before: list[tuple[Any, Any]] = []

        def change(document: Document) -> None:
            before.append(_looks(document))
            apply(document)
            document["LastModifiedTime"] = now()

        after = self._records.change(*place.key, change)
        if after is not None:
            self._tell(place, before[0], after)

    def made(self, place: Place, document: Mapping[str, Any]) -> None:
        """Tell of an endpoint that was not there before."""
        self._tell(place, (None, None), document)

    def _tell(self, place: Place, before: tuple[Any, Any], after: Mapping[str, Any]) -> None:
        status, stage = _looks(after)
        detail = _detail(after)
        if status != before[0]:
            publish(self._platform, place, _STATE, detail)
        if stage is not None and stage != before[1]:
            publish(self._platform, place, _STAGE, detail)


def _looks(document: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the status, and what is said of the stage of a deployment, if one is under way."""
    pending = document.get("PendingDeploymentSummary") or {}
    listed = pending.get("ProductionVariants") or document.get("ProductionVariants") or ()
    stages = [variant.get("VariantStatus") for variant in listed]
    return document.get("EndpointStatus"), stages if any(stages) else None


def _detail(document: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = _timed({name: document[name] for name in _TOLD if name in document})
    told["EndpointStatus"] = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", told["EndpointStatus"]).upper()
    return {**told, "Tags": {}}


def _timed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: int(item * 1000) if name in _TIMES else _timed(item)
            for name, item in value.items()
        }
    return [_timed(item) for item in value] if isinstance(value, list) else value
