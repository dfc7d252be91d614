"""The builds under way: each in a thread, told to Events, tried again where its project says so,
and taken up or ended when the local AWS is back."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from landrail.localaws.announcing import Origin, announce
from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.codebuild.happenings import told
from landrail.localaws.services.codebuild.phases import Phases
from landrail.localaws.services.codebuild.projects import Projects
from landrail.localaws.services.codebuild.queue import Queue
from landrail.localaws.services.codebuild.reports.store import Reports
from landrail.localaws.services.codebuild.run import BuildRun
from landrail.localaws.services.codebuild.start import by_itself
from landrail.localaws.store import Tables

PRINCIPAL = Caller(kind="service", arn="codebuild.amazonaws.com", account=None)
Record = dict[str, Any]
_log = logging.getLogger(__name__)
_CUT_OFF = "The local AWS was stopped while the build ran."
_WAIT = 10.0


class Runs:
    """Runs builds, and keeps their documents as they go."""

    def __init__(
        self, platform: Platform, tables: Tables, projects: Projects, reports: Reports
    ) -> None:
        self._platform = platform
        self._projects = projects
        self._reports = reports
        self._table = tables.table("codebuild.builds")
        self._queue = Queue()
        self._under_way: dict[str, tuple[BuildRun, threading.Thread]] = {}
        self._lock = threading.Lock()

    def begin(self, record: Record) -> None:
        """Run a new build; it is durable before it begins."""
        self._save(record)
        self._queue.join(record["projectArn"], record["id"])

        def turn(stop: threading.Event) -> bool:
            seconds = float(record["queuedTimeoutInMinutes"]) * 60
            name = record["projectArn"]
            return self._queue.wait(name, record["id"], lambda: self._limit(record), stop, seconds)

        own = json.loads(json.dumps(record))
        run = BuildRun(self._platform, own, self._save, turn, self._reports)
        thread = threading.Thread(target=self._perform, args=(run, record), daemon=True)
        with self._lock:
            self._under_way[record["id"]] = (run, thread)
        thread.start()

    def stop(self, build_id: str) -> None:
        """Stop a build, if it is under way, and wait for its end."""
        with self._lock:
            under_way = self._under_way.get(build_id)
        if under_way is not None:
            under_way[0].stop()
            self._queue.look()
            under_way[1].join(timeout=_WAIT)

    def stop_all(self) -> None:
        """Stop every build under way and wait for its end."""
        with self._lock:
            under_way = list(self._under_way.values())
        for run, _ in under_way:
            run.stop()
        self._queue.look()
        for _, thread in under_way:
            thread.join(timeout=_WAIT)

    def recover(self) -> None:
        """Fail the builds that were cut off; those that had not begun yet are begun."""
        for folder in (self._platform.state / "codebuild").glob("*"):
            if folder.name != "cache":
                shutil.rmtree(folder, ignore_errors=True)
        open_ones = [one for _, one in self._table.scan() if not one["buildComplete"]]
        for record in sorted(open_ones, key=lambda one: float(one["startTime"])):
            if record["currentPhase"] in ("SUBMITTED", "QUEUED"):
                self.begin({**record, "phases": record["phases"][:1]})
            else:
                self._save(_ended(record, "FAILED", _CUT_OFF))

    def _perform(self, run: BuildRun, record: Record) -> None:
        self._tell(record)
        final: Record | None = None
        why = "The local AWS could not follow the build; its own log says why"
        try:
            final = run.perform()
        except (ApiError, OSError) as error:
            why = str(error)
        finally:
            # What nobody expected to go wrong ends a build, too.
            final = final or self._fault(record, why)
            with self._lock:
                del self._under_way[record["id"]]
            self._queue.leave(record["projectArn"], record["id"])
            self._tell(final)
            self._try_again(final)

    def _fault(self, record: Record, why: str) -> Record:
        """End a build that could not be followed; if that cannot be kept either, a restart will."""
        found = self._table.get(record["account"], record["region"], record["id"])
        final = _ended(found or record, "FAULT", why)
        with suppress(ApiError):
            self._save(final)
        _log.warning("the build %s could not be followed: %s", record["id"], why)
        return final

    def _limit(self, record: Record) -> int | None:
        project = self._projects.find(record["account"], record["region"], record["projectName"])
        limit = (project or {}).get("concurrentBuildLimit")
        return int(limit) if limit is not None else None

    def _try_again(self, record: Record) -> None:
        """Ask for a failed build again, as the project's role, as CodeBuild does."""
        config = record.get("autoRetryConfig") or {}
        number = int(config.get("autoRetryNumber") or 0)
        if record["buildStatus"] in ("SUCCEEDED", "STOPPED") or not config:
            return
        if number >= int(config["autoRetryLimit"]):
            return
        role, region = record["serviceRole"], record["region"]
        context = {"aws:SourceArn": record["projectArn"], "aws:SourceAccount": record["account"]}
        session = f"AWSCodeBuild-{uuid.uuid4()}"
        try:
            given = self._platform.assume("codebuild.amazonaws.com", role, session, context=context)
            params = {"id": record["id"], "idempotencyToken": by_itself(record)}
            answer = self._platform.call(
                given.caller, "codebuild", "RetryBuild", params, region=region
            )
        except ApiError as error:
            _log.warning("the build %s is not tried again: %s", record["id"], error)
            return
        own = {**config, "nextAutoRetry": str(answer["build"]["arn"])}
        self._save({**record, "autoRetryConfig": own})

    def _tell(self, record: Record) -> None:
        origin = Origin(record["account"], record["region"], record["arn"])
        kind = "CodeBuild Build State Change"
        announce(self._platform, "codebuild", origin, kind, told(record))

    def _save(self, record: Record) -> None:
        self._table.put(record["account"], record["region"], record["id"], value=record)


def _ended(record: Record, status: str, message: str) -> Record:
    """Return the document of a build that ended otherwise than by itself."""
    phases = Phases(list(record["phases"]))
    phases.end(status, "INTERNAL_ERROR", message)
    phases.finish()
    return {
        **record,
        "buildStatus": status,
        "buildComplete": True,
        "endTime": time.time(),
        "currentPhase": "COMPLETED",
        "phases": phases.done,
    }
