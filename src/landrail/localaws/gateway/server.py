"""Putting one local AWS together, and taking it apart again."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from landrail.localaws.gateway import opening
from landrail.localaws.gateway import state as folder
from landrail.localaws.gateway.app import App
from landrail.localaws.gateway.bootstrap import bootstrap
from landrail.localaws.gateway.decide import Decider
from landrail.localaws.gateway.doors.asking import AskingDoor
from landrail.localaws.gateway.doors.own import Own
from landrail.localaws.gateway.gate import Gate
from landrail.localaws.gateway.network.door import NetworkDoor
from landrail.localaws.gateway.network.places import Network
from landrail.localaws.gateway.platform import GatewayPlatform
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.gateway.tag_finder import TagFinder
from landrail.localaws.gateway.watch import Watchers
from landrail.localaws.gateway.wire.http import Server
from landrail.localaws.layers import Finder, Layers
from landrail.localaws.services import Factory, cloudtrail
from landrail.localaws.store import (
    Assertions,
    Blobs,
    CredentialStore,
    MfaCodes,
    Store,
    StoreSources,
    Tables,
)
from landrail.localaws.trail import Trail

_log = logging.getLogger(__name__)
FIRST_PORT = 4510


class LocalAws:
    """One local AWS over one state folder; `gate` and `application` are for callers in process,
    `layers_of` for who wants to see what is decided."""

    def __init__(
        self,
        state: Path,
        factories: Iterable[Factory],
        *,
        version: str,
        port: int | None = None,
        layers_of: Callable[[StoreSources, Finder, TagFinder], Layers] = Layers,
    ) -> None:
        self._state = state
        self._lock = folder.lock(state)
        opening.check(state, version)
        with opening.reading(state):
            self._secret = folder.secret(state)
            self._tables = Tables(state / "tables.sqlite")
            self._blobs = Blobs(state / "blobs")
            self._blobs.clean()
            self._trail = Trail(state / "trail.jsonl")
            self._store = Store(state, self._secret.encode())
            self._bootstrap = bootstrap(self._store, self._tables)
        self._server = _bind(port, folder.read(state).get("port"))
        self._ready = False
        self._registry = Registry()
        self._watchers = Watchers(self._registry)
        credentials = CredentialStore(self._tables)
        self._platform = GatewayPlatform(state, self.endpoint, credentials)
        self._registry.add(Own(version, self._secret, self._trail, lambda: self._ready))
        self._registry.add(cloudtrail.build(self._platform, self._tables, self._trail))
        for factory in factories:
            self._registry.add(factory(self._platform, self._tables, self._blobs))
        sources = StoreSources(self._store, self._tables)
        layers = layers_of(sources, self._registry.resource_policy, TagFinder(self._registry))
        decider = Decider(
            layers, sources, self._store, state, MfaCodes(self._tables), Assertions(self._tables)
        )
        self.gate = Gate(self._store, sources, self._registry, decider, self._trail, self._watchers)
        self._platform.gate = self.gate
        self.application = App(self.gate, self._registry, credentials)
        self._server.application = self.application
        self._network = Network(sources, self.application)
        self._platform.network = self._network
        self._registry.add(NetworkDoor(self._network, self._secret))
        self._registry.add(AskingDoor(layers, sources, credentials, self._secret))

    @property
    def endpoint(self) -> str:
        """The URL it listens on."""
        return f"http://127.0.0.1:{self._server.port}"

    def run(self) -> None:
        """Serve until `stop` is called from another thread."""
        self._watchers.start()
        starter = threading.Thread(target=self._start_services, name="start", daemon=True)
        starter.start()
        try:
            self._server.serve_forever(poll_interval=0.1)
        finally:
            self._close()

    def _start_services(self) -> None:
        for service in self._registry.all():
            service.start()
        self._ready = True
        self._announce()
        _log.info("ready on %s", self.endpoint)

    def _announce(self) -> None:
        folder.write(
            self._state,
            {
                "endpoint": self.endpoint,
                "port": self._server.port,
                "pid": os.getpid(),
                "secret": self._secret,
                "management_account": self._bootstrap.account,
                "bootstrap": {
                    "access_key_id": self._bootstrap.access_key_id,
                    "secret_access_key": self._bootstrap.secret_access_key,
                },
            },
        )

    def stop(self) -> None:
        """Stop serving; `run` ends."""
        threading.Thread(target=self._server.shutdown, daemon=True).start()

    def _close(self) -> None:
        self._server.server_close()
        for service in reversed(tuple(self._registry.all())):
            service.stop()
        self._network.close()
        self._watchers.stop()
        self._trail.close()
        self._store.close()
        self._tables.close()
        self._lock.close()
        _log.info("stopped")


def _bind(wanted: int | None, last: object) -> Server:
    """Bind the port asked for, or the last one, or the usual one, or any."""
    if wanted is not None:
        return Server(wanted)
    for port in (last, FIRST_PORT, 0):
        if not isinstance(port, int):
            continue
        try:
            return Server(port)
        except OSError:
            continue
    raise OSError("no port is free")
