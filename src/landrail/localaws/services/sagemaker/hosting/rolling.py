"""Rolling: the new fleet grows batch by batch, and the old one shrinks as much after each look.

A batch of the old fleet is ended when the batch that replaces it has been looked at; so there is
always some of it left to go back to, and the way back sends it everything before it grows again.
"""

from __future__ import annotations

from landrail.localaws.services.sagemaker.hosting.deployment import Deployment, Halted
from landrail.localaws.services.sagemaker.hosting.live import DRAIN, Fleet, Part
from landrail.localaws.services.sagemaker.hosting.strategy import Rolling


def walk(deployment: Deployment, strategy: Rolling) -> None:
    """Go all batches that are not yet over; raises CannotServe, Tripped or Halted."""
    name, total = next(iter(deployment.counts.items()))
    batch = strategy.batch.of(total)
    done = deployment.step
    if done:
        deployment.launch({name: done})
        _send(deployment, done / total)
    while done < total:
        more = min(batch, total - done)
        deployment.launch({name: more})
        done += more
        deployment.tell(
            "ActivatingTraffic", f"Activating traffic on capacity of {done} instance(s)."
        )
        _send(deployment, done / total)
        deployment.bake(
            strategy.wait,
            f"Baking for {strategy.wait} seconds (WaitIntervalInSeconds) with traffic enabled on "
            f"capacity of {done} instance(s).",
        )
        _shrunk(deployment, deployment.old, max(0, _running(deployment.old) - (total - done)))
        deployment.reached(done)


def back(deployment: Deployment, strategy: Rolling) -> None:
    """Bring the old fleet to its full number again and send it everything; raises CannotServe, or
    Halted."""
    name, total = next(iter(deployment.old.content["counts"].items()))
    if strategy.back is None or not deployment.new.variants:
        _all_back(deployment, name, total)
        return
    batch = strategy.back.of(total)
    while _running(deployment.new):
        more = min(batch, total - _running(deployment.old))
        _grown(deployment, name, more)
        share = 1.0 - _running(deployment.old) / total
        _send(deployment, share if more else 0.0)
        _shrunk(deployment, deployment.new, min(batch, _running(deployment.new)))
    _all_back(deployment, name, total)


def _all_back(deployment: Deployment, name: str, total: int) -> None:
    if _running(deployment.old):
        deployment.live.route(Part(deployment.old))
    _grown(deployment, name, total - _running(deployment.old))
    deployment.live.route(Part(deployment.old))


def _grown(deployment: Deployment, name: str, count: int) -> None:
    if count > 0:
        deployment.old.grow(name, count, deployment.halted)
    if deployment.halted():
        raise Halted


def _send(deployment: Deployment, share: float) -> None:
    if share >= 1.0:
        deployment.live.route(Part(deployment.new))
    elif share <= 0.0:
        deployment.live.route(Part(deployment.old))
    else:
        old = Part(deployment.old, 1.0 - share)
        deployment.live.route(old, Part(deployment.new, share))


def _running(fleet: Fleet) -> int:
    return sum(len(variant.lines) for variant in fleet.variants.values())


def _shrunk(deployment: Deployment, fleet: Fleet, count: int) -> None:
    for variant in fleet.variants.values():
        if count:
            variant.shrink(count, publish=deployment.live.publish, drain=DRAIN)
