"""The store itself: one moto per process, behind one lock, reached only by (operation, params).

It knows no callers and decides nothing; whoever calls it has authorized the call.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from moto.core.request import Request
from werkzeug.exceptions import HTTPException

from landrail.localaws.api import ApiError
from landrail.localaws.store import bodies, calls, determinism, objects, routes
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.incoming import Answer
from landrail.localaws.store.journal import Entry, Journal
from landrail.localaws.store.mends.completion import complete
from landrail.localaws.store.mends.ignored import refuse_ignored
from landrail.localaws.store.mends.members import refuse_member
from landrail.localaws.store.mends.neutral import neutralize
from landrail.localaws.store.once import Once
from landrail.localaws.store.snapshots import Snapshots, look
from landrail.localaws.store.waiting import waited
from landrail.localaws.store.writes import changes_state

_log = logging.getLogger(__name__)
# moto is not safe under threads, and its state is global: so is the lock.
MOTO_LOCK = threading.RLock()
_HOP_HEADERS = frozenset({"status", "server", "content-length", "connection", "date"})
_NO_KEY = "AKIAIOSFODNN7EXAMPLE"


class Store:
    """State of the AWS services that the local AWS does not run itself. With a state folder it
    keeps a journal there, and begins by replaying it: from the last snapshot on, where there is a
    secret that snapshots are sealed with."""

    def __init__(self, state: Path | None = None, secret: bytes | None = None) -> None:
        neutralize()
        self._versions: Counter[str] = Counter()
        self._once = Once()
        self._depth = 0
        self._unsure = ""
        self._journal: Journal | None = None
        self._snapshots: Snapshots | None = None
        if state is not None:
            self._open(state, secret)

    def _open(self, state: Path, secret: bytes | None) -> None:
        _spool_in(state / "spool")
        kept = Blobs(state / "bodies", state / "blobs")
        bodies.keep_in(kept)
        journal, after = Journal(state / "journal.sqlite", kept), 0
        if secret is not None:
            self._snapshots = Snapshots(state, secret, journal, self._once.all)
            found = self._snapshots.restore()
            if found is not None:
                after, self._once.earlier = found.point.number, found.besides
        self._replay(journal, after)
        self._journal = journal
        kept.keep_only(journal.blobs() | objects.digests())
        if self._snapshots is not None and self._snapshots.spent(0.0):
            self._snapshots.begin()

    def _replay(self, journal: Journal, after: int) -> None:
        began, count, trouble = time.monotonic(), 0, ""
        for entry in journal.entries(after):
            if trouble:
                _log.error("replay of %s", trouble)
            count, trouble = count + 1, ""
            answer = self._replayed(entry)
            self._once.keep(entry, answer, replayed=True)
            if answer.status >= 400:
                trouble = f"{entry.service}:{entry.operation} answered {answer.status}"
        if trouble:
            # Written down, refused, and the end came before it was taken out again.
            _log.info("the last request came to nothing: %s", trouble)
        _log.info("replayed %d requests in %.2f s", count, time.monotonic() - began)

    def _replayed(self, entry: Entry) -> Answer:
        """What comes of an entry; one on which moto fails came to nothing the first time too."""
        try:
            return self._counted(entry)
        except OSError:
            raise  # the folder, not the request
        except ApiError as error:
            return Answer(error.status, {}, str(error).encode())
        except Exception:  # noqa: BLE001  (written down before a kill: it must not shut the folder)
            _log.exception("replay of %s:%s failed", entry.service, entry.operation)
            return Answer(500, {}, b"")

    def _counted(self, entry: Entry) -> Answer:
        """Perform, and count what it will cost to do so again."""
        began = time.thread_time()
        try:
            return self._perform(entry)
        finally:
            if self._snapshots is not None:
                self._snapshots.spent(time.thread_time() - began)

    def version(self, service: str) -> int:
        """Return a number that changes whenever the state of a service may have."""
        return self._versions[service]

    def has(self, service: str) -> bool:
        """Say whether this service is in the store."""
        return routes.has(service)

    def perform(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        access_key_id: str = _NO_KEY,
        once: str = "",
    ) -> Answer:
        """Perform an operation and return moto's answer, an error answer included. What was
        performed under the name `once` before the last start is answered as it was then."""
        params = waited(MOTO_LOCK, account, region, service, operation, _held(params))
        refuse_ignored(service, operation, params)
        refuse_member(account, service, operation)
        entry = Entry(
            account,
            region,
            service,
            operation,
            params,
            access_key_id,
            time.time(),
            secrets.randbits(128),
            once,
        )
        before = self._once.answer(entry)
        if before is not None:
            return before
        with MOTO_LOCK:
            if self._journal is None or self._depth or not changes_state(operation):
                return self._perform(entry)
            return self._change(entry, self._journal)

    def _change(self, entry: Entry, journal: Journal) -> Answer:
        """Perform what may change something: written down first, so that nothing is ever answered,
        or built upon, that a restart does not bring back."""
        number = self._written(entry, journal)
        answer: Answer | None = None
        try:
            answer = self._counted(entry)
        except OSError as error:
            # The disk failed in the middle of it: what is in memory may be half of it.
            self._unsure = f"{error}"
            raise _unwritable(f"{error}") from error
        finally:
            if answer is None or answer.status >= 400:
                _tidy(lambda: journal.take_out(number))
        self._once.keep(entry, answer, replayed=False)
        if entry.operation == "AbortMultipartUpload" and answer.status < 300:
            _tidy(lambda: journal.forget_parts(str(entry.params.get("UploadId"))))
        if self._snapshots is not None and self._snapshots.spent(0.0):
            self._snapshots.begin()
        return answer

    def _written(self, entry: Entry, journal: Journal) -> int:
        if self._unsure:
            raise _unwritable(f"{self._unsure}; it must be started again")
        try:
            return journal.append(entry)
        except OSError as error:
            raise _unwritable(f"{error}") from error

    def _perform(self, entry: Entry) -> Answer:
        request = calls.write(
            entry.account,
            entry.region,
            entry.service,
            entry.operation,
            entry.params,
            entry.access_key_id,
        )
        handler = routes.handler(entry.service, request.raw_path)
        with MOTO_LOCK:
            if changes_state(entry.operation):
                self._versions[entry.service] += 1
            if determinism.tame():
                look()
            if self._depth:
                return self._run(handler, request, entry)
            with determinism.moment(entry.at, entry.seed):
                return self._run(handler, request, entry)

    def _run(self, handler: routes.Handler, request: Request, entry: Entry) -> Answer:
        self._depth += 1
        try:
            try:
                status, headers, body = handler(request, request.raw_url, request.headers)
            except HTTPException as error:
                if error.get_headers()[0][1].startswith("text/html"):
                    raise _in_words(error, entry) from error
                status, headers = error.code or 400, dict(error.get_headers())
                body = error.get_body()
            except NotImplementedError as error:
                raise ApiError(
                    "NotImplemented",
                    f"The local AWS does not have {entry.service}:{entry.operation} yet.",
                    501,
                ) from error
            answer = _answer(request.method, status, headers, body)
            if answer.status < 300:
                complete(self, entry.service, entry.operation, entry.params, answer)
            return answer
        finally:
            self._depth -= 1

    def execute(
        self, account: str, region: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Perform an operation in process; raises ApiError for an error answer."""
        answer = self.perform(account, region, service, operation, params)
        return calls.read(service, operation, answer)

    def close(self) -> None:
        """Make the last snapshot and close the journal; nothing is performed afterwards."""
        if self._journal is not None:
            if self._snapshots is not None:
                with MOTO_LOCK:
                    self._snapshots.close()
            self._journal.close()


def _spool_in(folder: Path) -> None:
    """Keep what is too long for the memory in the state folder, while it passes through."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    tempfile.tempdir = str(folder)


def _tidy(work: Callable[[], None]) -> None:
    """Do what only saves space: replayed, what would stay in the journal comes to nothing too."""
    try:
        work()
    except OSError as error:
        _log.warning("left in the journal: %s", error)


def _in_words(error: HTTPException, entry: Entry) -> ApiError:
    """What moto refuses with a page for browsers, as AWS says it."""
    status = error.code or 400
    if entry.service == "s3" and status == 416:
        part = "PartNumber" in entry.params
        kind, what = ("InvalidPartNumber", "partnumber") if part else ("InvalidRange", "range")
        return ApiError(kind, f"The requested {what} is not satisfiable", status)
    return ApiError(error.name.replace(" ", ""), error.description or error.name, status)


def _unwritable(why: str) -> ApiError:
    return ApiError(
        "ServiceUnavailable",
        f"The local AWS cannot write to its state folder: {why}. The call was not performed.",
        503,
    )


def _held(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters with streams read, so that they can be written down."""
    if any(hasattr(value, "read") for value in params.values()):
        return {k: v.read() if hasattr(v, "read") else v for k, v in params.items()}
    return params


def _answer(method: str, status: int, headers: Mapping[str, Any], body: Any) -> Answer:
    dropped = _HOP_HEADERS - {"content-length"} if method == "HEAD" else _HOP_HEADERS
    sent = {str(k): str(v) for k, v in headers.items() if str(k).lower() not in dropped}
    if body is None:
        body = b""
    return Answer(int(status), sent, body.encode() if isinstance(body, str) else bytes(body))
