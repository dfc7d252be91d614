"""Pushes to the remotes of connections, found by looking: what stood last is kept, so that a push
to a repository is found also when the local AWS did not run."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.runtimes.remotes import RemoteError, Repository, changed_at
from landrail.localaws.services.codepipeline.connections import find_remote
from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.starting import Starting
from landrail.localaws.services.codepipeline.triggers import Push, override, sources, starts
from landrail.localaws.store import Tables

EVERY = 1.0
"""Seconds between looks at folders."""
FAR = 20.0
"""Seconds between looks at a URL."""
_PATIENCE = 3.0
_log = logging.getLogger(__name__)
Place = tuple[str, str, str, str]


class Watching:
    """Looks at the remotes that pipelines have as their source, in one thread."""

    def __init__(self, platform: Platform, tables: Tables, starting: Starting) -> None:
        self._platform = platform
        self._pipelines = tables.table("codepipeline.pipelines")
        self._seen = tables.table("codepipeline.refs")
        self._starting = starting
        self._end = threading.Event()
        self._looks: dict[Place, tuple[object, float]] = {}
        self._told: dict[Place, str] = {}
        self._repositories: dict[Place, tuple[int, Repository | RemoteError]] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to look, where some pipeline has such a source."""
        with self._lock:
            if self._thread is None and self._wanted() and not self._end.is_set():
                self._thread = threading.Thread(target=self._run, name="connections", daemon=True)
                self._thread.start()

    def watch(self, record: Record, before: Record | None = None) -> None:
        """Take note of what stands at the sources of a pipeline now: what comes later is a push.
        `before` is the pipeline as it was; what it watched, or another does, is watched on."""
        name = record["pipeline"]["name"]
        for place in set(_places(record)) - set(_places(before) if before else ()):
            watched = self._wanted().get(place, [])
            if all(one["pipeline"]["name"] == name for one in watched):
                self._seen.delete(*place)
                self._looks.pop(place, None)
                first = threading.Thread(target=self._look, args=(place, []), daemon=True)
                first.start()
                # A host that is slow to answer holds up nobody who makes a pipeline.
                first.join(_PATIENCE)
        self.start()

    def forget(self) -> None:
        """Ask again what connections lead to: one was made or deleted."""
        self._repositories.clear()

    def stop(self) -> None:
        """End looking."""
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(EVERY):
            try:
                for place, records in self._wanted().items():
                    self._look(place, records)
            except ApiError as error:
                _log.warning("connections cannot be watched: %s", error)

    def _wanted(self) -> dict[Place, list[Record]]:
        """The repositories that are watched, with the pipelines that do."""
        found: dict[Place, list[Record]] = {}
        for _, record in self._pipelines.scan():
            for place in _places(record):
                found.setdefault(place, []).append(record)
        return found

    def _look(self, place: Place, records: Iterable[Record]) -> None:
        _, _, arn, identity = place
        try:
            repository = self._found(place)
            if not self._due(place, repository):
                return
            refs = repository.refs()
            self._told.pop(place, None)
        except (RemoteError, ApiError, OSError) as error:
            if self._told.get(place) != str(error):
                self._told[place] = str(error)
                _log.warning("%s over %s cannot be watched: %s", identity, arn, error)
            return
        known: Mapping[str, str] | None = self._seen.get(*place)
        for ref, commit in refs.items() if known is not None else ():
            if known is not None and known.get(ref) != commit:
                push = _push(repository, ref, known.get(ref), commit)
                self._pushed(push, identity, arn, records)
        if known != refs:
            self._seen.put(*place, value=refs)

    def _found(self, place: Place) -> Repository:
        """Return the repository, asked for once as long as the user's settings stay the same."""
        stamp = changed_at(self._platform.state)
        known = self._repositories.get(place)
        if known is None or known[0] != stamp:
            account, region, arn, identity = place
            found: Repository | RemoteError
            try:
                found = find_remote(self._platform, arn, identity, account, region)
            except RemoteError as error:
                found = error
            known = self._repositories[place] = (stamp, found)
        if isinstance(known[1], RemoteError):
            raise known[1]
        return known[1]

    def _due(self, place: Place, repository: Repository) -> bool:
        mark, when = self._looks.get(place, (None, 0.0))
        now = time.monotonic()
        fresh: object = repository.fingerprint() if repository.local else None
        if repository.local and fresh == mark:
            return False
        if not repository.local and when and now - when < FAR:
            return False
        self._looks[place] = (fresh, now)
        return True

    def _pushed(self, push: Push, identity: str, arn: str, records: Iterable[Record]) -> None:
        for record in records:
            for action in sources(record["pipeline"]):
                given = action["configuration"]
                here = (given["ConnectionArn"], given["FullRepositoryId"]) == (arn, identity)
                if here and self._starts(record, action, push):
                    self._begin(record, action, push, identity)

    def _starts(self, record: Record, action: Mapping[str, Any], push: Push) -> bool:
        try:
            return starts(record["pipeline"], action, push)
        except RemoteError as error:
            _log.warning("a push to %s cannot be looked into: %s", push.ref, error)
            return False

    def _begin(self, record: Record, action: Mapping[str, Any], push: Push, identity: str) -> None:
        told = {"repository": identity, "ref": push.ref, "commitId": push.commit}
        trigger = {"triggerType": "WebhookV2", "triggerDetail": json.dumps(told)}
        try:
            self._starting.begin(record, trigger, (), [override(action, push)])
        except ApiError as error:
            _log.warning("pipeline %s did not start: %s", record["pipeline"]["name"], error)


def _places(record: Record) -> Iterator[Place]:
    seen: set[Place] = set()
    for action in sources(record["pipeline"]):
        given = action["configuration"]
        names = (given["ConnectionArn"], given["FullRepositoryId"])
        place = (record["account"], record["region"], *names)
        if place not in seen:
            seen.add(place)
            yield place


def _push(repository: Repository, ref: str, before: str | None, commit: str) -> Push:
    return Push(ref, commit, lambda: repository.changed(before, commit))
