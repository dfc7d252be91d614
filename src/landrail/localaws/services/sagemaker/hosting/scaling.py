"""Weights and numbers of instances of an endpoint in service, changed on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from landrail.localaws.services.sagemaker.hosting.live import DRAIN, Fleet, Live


def weigh(fleet: Fleet, live: Live, weights: Mapping[str, float]) -> None:
    """Send requests by other weights from now on."""
    fleet.content["weights"].update(weights)
    live.publish()


def scale(fleet: Fleet, live: Live, counts: Mapping[str, int], halted: Callable[[], bool]) -> None:
    """Start or end processes until each variant has so many; raises CannotServe."""
    for name, count in counts.items():
        variant = fleet.variants[name]
        more = count - len(variant.lines)
        if more > 0:
            fleet.grow(name, more, halted)
            live.publish()
        elif more < 0:
            variant.shrink(-more, publish=live.publish, drain=DRAIN)
