"""The CloudTrail service: what of it is ours, and the worker that delivers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landrail.localaws.api import Answering, ApiCall, Completed, Door, Operation, Platform
from landrail.localaws.services.cloudtrail.delivery import Delivery
from landrail.localaws.services.cloudtrail.digests import Digests
from landrail.localaws.services.cloudtrail.lookup import lookup_events
from landrail.localaws.services.cloudtrail.signing import SigningKey
from landrail.localaws.services.cloudtrail.states import States
from landrail.localaws.services.cloudtrail.trails import Trails
from landrail.localaws.services.cloudtrail.worker import Worker
from landrail.localaws.store import Tables
from landrail.localaws.trail import Trail

_OPENING = frozenset({"PutBucketPolicy", "DeleteBucketPolicy", "PutKeyPolicy", "CreateBucket"})


class CloudTrail(Answering):
    """Event history and trails of every account."""

    name = "cloudtrail"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, trail: Trail) -> None:
        """Build every part."""
        key = SigningKey(platform.state / "cloudtrail")
        states = States(tables)
        digests = Digests(platform, tables, key)
        delivery = Delivery(platform, trail, states, digests)
        self._worker = Worker(delivery)
        trails = Trails(platform, trail, states, delivery, self._worker)

        def lookup(call: ApiCall) -> Mapping[str, object]:
            return lookup_events(trail, call)

        self.operations: Mapping[str, Operation] = {
            "LookupEvents": lookup,
            "ListPublicKeys": key.list_public_keys,
            **trails.operations(),
        }

    def completed(self, event: Completed) -> None:
        """Try again at once where what was refused may be allowed now."""
        if event.call.operation in _OPENING:
            self._worker.hurry()

    def start(self) -> None:
        """Begin to deliver, from where it was left."""
        self._worker.start()

    def stop(self) -> None:
        """Deliver what is there, with the digests of what was delivered."""
        self._worker.stop()


def build(platform: Platform, tables: Tables, trail: Trail) -> CloudTrail:
    """Build the service."""
    return CloudTrail(platform, tables, trail)
