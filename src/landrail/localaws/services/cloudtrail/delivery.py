"""Delivery of log files: from the gate's trail to the buckets of the trails that log.

A file holds what one account did in one region since the last. It is put by CloudTrail's service
principal, under the bucket's policy; where that is refused, the events wait, and the trail's status
says why. CloudTrail's own calls are not delivered: each delivery would bring about the next.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.cloudtrail import settings
from landrail.localaws.services.cloudtrail.digests import Digests, Written
from landrail.localaws.services.cloudtrail.files import digest, put
from landrail.localaws.services.cloudtrail.membership import Membership, Organization
from landrail.localaws.services.cloudtrail.selectors import selected
from landrail.localaws.services.cloudtrail.settings import SERVICE, Settings
from landrail.localaws.services.cloudtrail.states import State, States
from landrail.localaws.trail import Trail, is_of_region, record

_log = logging.getLogger(__name__)
_BATCH = 8 << 20
"""How many bytes of the gate's trail one batch reads at most."""

Group = tuple[str, str]


@dataclass
class Batch:
    """The records of a stretch of the trail, by account and region, and where it ends."""

    end: int
    closed: bool = False
    groups: dict[Group, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


class Delivery:
    """Delivers for all trails; one batch at a time."""

    def __init__(self, platform: Platform, trail: Trail, states: States, digests: Digests) -> None:
        self._platform = platform
        self._trail = trail
        self._states = states
        self._digests = digests
        self.membership = Membership(platform)
        self.lock = threading.RLock()

    def trails(self) -> list[State]:
        """Return the states of all trails."""
        return list(self._states.all())

    def take_up(self) -> None:
        """End what a kill kept from ending: a stop whose own event was never written."""
        with self.lock:
            for state in self.trails():
                if state.closing:
                    ranges = tuple(
                        (start, self._trail.size if end is None else end)
                        for start, end in state.ranges
                    )
                    self._states.set(state, ranges=ranges)

    def deliver(self, state: State, *, digests: bool = False) -> bool:
        """Deliver all that there is for a trail; False where the bucket refuses. Digest files are
        written when an hour has passed, or where `digests` says so."""
        if not digests and self._idle(state):
            return True
        with self.lock:
            found = settings.read(self._platform, state.account, state.region, state.name)
            if found is None:
                self._states.delete(state.account, state.region, state.name)
                return True
            while (now := self._states.get(state.account, state.region, state.name)) is not None:
                if not now.ranges:
                    break
                step = self._step(now, found)
                if step is None:
                    break
                if not step:
                    return False
            now = self._states.get(state.account, state.region, state.name)
            return now is None or self._digest(now, found, at_once=digests)

    def _idle(self, state: State) -> bool:
        """Nothing has come since the last time, and no digest is due."""
        if state.digest_error or state.due(time.time()):
            return False
        return all(end is None and start >= self._trail.size for start, end in state.ranges)

    def _step(self, state: State, found: Settings) -> bool | None:
        """Deliver one batch: True if there may be more, None if there is none, False if refused."""
        (start, end), *later = state.ranges
        limit = end if end is not None else self._trail.size
        if start >= limit:
            if end is None:
                return None
            self._states.set(state, ranges=tuple(later))
            return True
        limit = state.pending[0] if state.pending is not None else limit
        found = self._placed(found)
        batch = self._collect(found, state, start, limit, whole=state.pending is not None)
        if batch.groups:
            at = state.pending[1] if state.pending is not None else time.time()
            state = self._states.set(state, pending=(batch.end, at), attempted=time.time())
            refused = self._write(found, batch, start, at)
            if refused is not None:
                self._states.set(state, error=refused)
                return False
            state = self._states.set(state, delivered=time.time(), error="")
        rest = later if batch.closed else [(batch.end, end), *later]
        closing = "" if batch.closed else state.closing
        self._states.set(state, ranges=tuple(rest), closing=closing, pending=None)
        return True

    def _placed(self, found: Settings) -> Settings:
        if not found.of_organization:
            return found
        organization = self.membership.of(found.account)
        return replace(found, organization=organization.id if organization else "")

    def _collect(
        self, found: Settings, state: State, start: int, limit: int, *, whole: bool
    ) -> Batch:
        batch = Batch(limit)
        covered = self._covered(found)
        for place, line in self._trail.lines(start, limit):
            entry = _read(line)
            if entry is not None and not _ours(entry):
                for account in entry["accounts"] if _wanted(found, entry) else ():
                    if covered(account):
                        group = (account, str(entry["awsRegion"]))
                        batch.groups[group].append(record(entry, account))
                if state.closing and entry.get("requestID") == state.closing:
                    batch.end, batch.closed = place, True
                    break
            if not whole and place - start >= _BATCH:
                batch.end = place
                break
        return batch

    def _covered(self, found: Settings) -> Callable[[str], bool]:
        if not found.organization:
            return lambda account: account == found.account
        foreign: set[str] = set()

        def covered(account: str) -> bool:
            if account in foreign:
                return False
            organization: Organization | None = self.membership.of(found.account, having=account)
            inside = organization is not None and account in organization.accounts
            if not inside:
                foreign.add(account)
            return inside

        return covered

    def _write(self, found: Settings, batch: Batch, start: int, at: float) -> str | None:
        """Put the files of a batch; return what refused one of them."""
        for (account, region), records in batch.groups.items():
            key = _key(found, account, region, at, f"{start}-{batch.end}")
            content = json.dumps({"Records": records}, separators=(",", ":")).encode()
            try:
                put(self._platform, found, key, content)
            except ApiError as error:
                _log.warning("%s: %s refuses a log file: %s", found.arn, found.bucket, error)
                return error.code
            if found.validated:
                times = [str(r["eventTime"]) for r in records]
                self._digests.note(
                    found, account, region, Written(key, digest(content), min(times), max(times))
                )
        return None

    def _digest(self, state: State, found: Settings, *, at_once: bool) -> bool:
        """Write the digests that are due; a trail that has ended waits for none."""
        due = at_once or not state.ranges or state.due(time.time())
        if not found.validated or not due:
            return True
        try:
            wrote = self._digests.write(self._placed(found))
        except ApiError as error:
            _log.warning("%s: %s refuses a digest file: %s", found.arn, found.bucket, error)
            self._states.set(state, digest_error=error.code)
            return False
        since = time.time()
        if wrote:
            self._states.set(state, digested=since, digest_since=since, digest_error="")
        elif state.ranges or state.digest_error:
            self._states.set(state, digest_since=since, digest_error="")
        return True


def _key(found: Settings, account: str, region: str, at: float, place: str) -> str:
    when = time.gmtime(at)
    unique = hashlib.sha256(f"{found.arn} {account} {region} {place}".encode()).hexdigest()[:16]
    day = time.strftime("%Y/%m/%d", when)
    name = f"{account}_CloudTrail_{region}_{time.strftime('%Y%m%dT%H%MZ', when)}_{unique}"
    return f"{found.folder(account)}/CloudTrail/{region}/{day}/{name}.json.gz"


def _wanted(found: Settings, entry: Mapping[str, Any]) -> bool:
    everywhere = found.everywhere or is_of_region(entry, found.region, everywhere=found.globally)
    return everywhere and selected(entry, found.basic, found.advanced)


def _ours(entry: Mapping[str, Any]) -> bool:
    identity = entry["userIdentity"]
    return bool(identity["type"] == "AWSService" and identity.get("invokedBy") == SERVICE.arn)


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        # A line cut short by a kill.
        return None
    return entry if isinstance(entry, dict) and "accounts" in entry else None
