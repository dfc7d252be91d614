"""Jobs under way: one thread each, what they run, and how they are stopped.

Knows nothing of what a job does; `training`, `processing` and `transform` hand it a function. The
record of a job says how it goes; what is here is only what can be stopped.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from landrail.localaws.api import ApiError, Caller, Credentials, Origin, Platform
from landrail.localaws.runtimes.images import Unpacked
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.process import CannotRun, isolation
from landrail.localaws.services.sagemaker.instances import Unreadable, limits, said
from landrail.localaws.services.sagemaker.logs import Log
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.objects import NoData, Objects
from landrail.localaws.services.sagemaker.pulling import CannotPull, find, pull
from landrail.localaws.services.sagemaker.roles import enter, place_of
from landrail.localaws.store.blobs import Blobs

STOP_SECONDS = 120.0
NO_SPACE = "ClientError: Insufficient disk space: the data does not fit the volume of the instance."
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."


class Failed(Exception):
    """A job cannot go on; the text is its FailureReason."""


class Stopped(Exception):
    """Someone asked the job to stop, or its time was over; the text is a SecondaryStatus."""


class Stoppable(Protocol):
    """What a job runs at the moment."""

    def stop(self, grace: float = 5.0) -> None:
        """End it, by force after `grace` seconds."""


@dataclass
class Work:
    """One job at work: its folder, its role's session, its log, and whether it is to stop."""

    platform: Platform
    blobs: Blobs
    place: Place
    role: str
    folder: Path
    credentials: Credentials
    vpc: Mapping[str, Any] | None = None
    origin: Origin = field(init=False)
    log: Log = field(init=False)
    stopping: threading.Event = field(default_factory=threading.Event)
    running: list[Stoppable] = field(default_factory=list)

    @property
    def caller(self) -> Caller:
        """The execution role's session."""
        return self.credentials.caller

    def objects(self) -> Objects:
        """S3 as the execution role sees it from where the job is."""
        caller = replace(self.caller, origin=self.origin)
        return Objects(self.platform, caller, self.place.region)

    def connect(self) -> None:
        """Take the job's place in its network; raises Failed."""
        try:
            self.origin = place_of(self.platform, self.place.account, self.place.region, self.vpc)
        except ApiError as error:
            raise Failed(f"ClientError: {error.message}") from error

    def renew(self) -> None:
        """Enter the role again: a job may take longer than a session."""
        self.credentials = enter(self.platform, self.role, self.place.arn)

    def image(self, uri: str) -> Unpacked:
        """Pull and unpack an image as the execution role; raises Failed."""
        try:
            found = find(self.platform, self.caller, uri)
            return pull(self.platform, self.blobs, self.caller, found)
        except (CannotPull, CannotRun) as error:
            raise Failed(f"ClientError: {error}") from error

    def limits(self, instance_type: str | None, volume: int | None) -> Limits:
        """Return what its containers may use, on such an instance; raises Failed."""
        try:
            found = limits(self.platform.state, instance_type, volume)
        except Unreadable as error:
            raise Failed(f"{INTERNAL} ({error})") from error
        if found.disk is not None and found.overfull([self.folder]):
            raise Failed(NO_SPACE)
        return found

    @property
    def warm(self) -> bool:
        """Whether its containers may start by a fork."""
        try:
            return said(self.platform.state).warm
        except Unreadable as error:
            raise Failed(f"{INTERNAL} ({error})") from error

    def make(self, *names: str) -> list[Path]:
        """Make folders of the job and return them."""
        made = [self.folder / name for name in names]
        for path in made:
            path.mkdir(parents=True, exist_ok=True)
        return made

    def watch(self, running: Stoppable) -> None:
        """Say what runs now too, so that stopping the job stops it; raises Stopped."""
        self.running.append(running)
        if self.stopping.is_set():
            running.stop(STOP_SECONDS)
            raise Stopped

    def checkpoint(self) -> None:
        """Raise Stopped if the job is to stop."""
        if self.stopping.is_set():
            raise Stopped


class Jobs:
    """All jobs of one kind that run in this server."""

    def __init__(self, platform: Platform, blobs: Blobs, log_group: str) -> None:
        """`log_group` is CloudWatch's, `/aws/sagemaker/TrainingJobs`."""
        self._platform = platform
        self._blobs = blobs
        self._group = log_group
        self._at_work: dict[str, Work] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def begin(
        self,
        place: Place,
        role: str,
        credentials: Credentials,
        stream: str,
        run: Callable[[Work], None],
        ended: Callable[[str, str | None], None],
        vpc: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a job in a thread, in the network of its VpcConfig `vpc`; `ended` is told
        `Completed`, `Failed` or `Stopped` (or what `Stopped` carries), and why."""
        kind = self._group.rpartition("/")[2]
        name = f"{place.account}-{place.region}-{place.name}"
        folder = self._platform.state / "sagemaker" / kind / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        work = Work(self._platform, self._blobs, place, role, folder, credentials, vpc)
        work.log = Log(
            self._platform,
            lambda: work.caller,
            place.region,
            self._group,
            stream,
            self._platform.state / "logs" / "sagemaker" / kind / f"{name}.log",
        )
        with self._lock:
            self._at_work[place.arn] = work
        thread = threading.Thread(target=self._run, args=(work, run, ended), name=place.arn)
        thread.daemon = True
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def stop(self, place: Place) -> None:
        """Ask a job to stop; it ends as `Stopped` when it has."""
        with self._lock:
            work = self._at_work.get(place.arn)
        if work is None:
            return
        work.stopping.set()
        for running in list(work.running):
            threading.Thread(target=running.stop, args=(STOP_SECONDS,), daemon=True).start()

    def close(self) -> None:
        """End every job at once: the server stops."""
        with self._lock:
            at_work = list(self._at_work.values())
        for work in at_work:
            work.stopping.set()
            for running in list(work.running):
                running.stop(1.0)
        for thread in self._threads:
            thread.join(timeout=10)

    def _run(
        self, work: Work, run: Callable[[Work], None], ended: Callable[[str, str | None], None]
    ) -> None:
        # What nobody expected to go wrong is the service's fault, and never a success.
        status: str = "Failed"
        reason: str | None = INTERNAL
        try:
            if "bubblewrap" not in isolation():
                work.log.line(f"landrail: this job is not isolated: {isolation()}")
            work.connect()
            run(work)
            status, reason = "Completed", None
        except Stopped as stopped:
            status, reason = str(stopped) or "Stopped", None
        except (Failed, NoData) as error:
            status, reason = "Failed", str(error)[:1024]
        except CannotRun as error:
            status, reason = "Failed", f"ClientError: {error}"[:1024]
        finally:
            if reason is not None:
                work.log.line(f"landrail: {reason}")
            work.log.close()
            shutil.rmtree(work.folder, ignore_errors=True)
            with self._lock:
                self._at_work.pop(work.place.arn, None)
            ended(status, reason)
