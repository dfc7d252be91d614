"""The inventory's questions, put to AWS by boto3: one account and region, under one identity.

Only what reads is asked, whatever the identity could do; AWS's errors come back as `Refused`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from landrail.aws.errors import code, message
from landrail.aws.sessions import Connection, Identity, is_mutating
from landrail.inventory import Realm, Refused

Given = TypeVar("Given")
Read = TypeVar("Read")
_AHEAD = 4
"""Items that are read at a time for one table of one account."""
_within = threading.local()
"""Marks the threads of `workers`: what they spread they read themselves, none waits for another."""


class Asking:
    """An `Ask` of one account and region; may be used from several threads."""

    def __init__(
        self,
        connection: Connection,
        who: Identity,
        account: str,
        region: str,
        realm: Realm,
        workers: Executor | None = None,
    ) -> None:
        """`realm` is the organization; with `workers`, items of a list are read several at a
        time."""
        self.account = account
        self.region = region
        self.realm = realm
        self._connection = connection
        self._who = who
        self._workers = workers

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Ask; raises Refused."""
        if is_mutating(operation):
            raise ValueError(f"{service}:{operation} does not only read")
        try:
            return self._connection.call(
                self._who, service, operation, region=self.region, **parameters
            )
        except ClientError as error:
            said = error.response.get("Error", {}).get("Message", "")
            raise Refused(code(error), f"{said} ({service}:{operation})") from error
        except BotoCoreError as error:
            raise Refused(type(error).__name__, message(error)) from error

    def spread(
        self, read: Callable[[Given], Iterable[Read]], given: Iterable[Given]
    ) -> Iterator[Read]:
        """Yield what `read` yields for each item, in their order, several read at a time."""
        if self._workers is None or getattr(_within, "item", False):
            for item in given:
                yield from read(item)
            return
        items = iter(given)
        under_way = [self._begun(read, item) for item in islice(items, _AHEAD)]
        try:
            while under_way:
                done = under_way.pop(0).result()
                under_way += [self._begun(read, item) for item in islice(items, 1)]
                yield from done
        finally:
            for future in under_way:
                future.cancel()

    def _begun(self, read: Callable[[Given], Iterable[Read]], item: Given) -> Future[list[Read]]:
        def work() -> list[Read]:
            _within.item = True
            return list(read(item))

        assert self._workers is not None
        return self._workers.submit(work)
