"""The store itself: one moto per process, behind one lock, reached only by (operation, params).

It knows no callers and decides nothing; whoever calls it has authorized the call.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import HTTPException

from landrail.localaws.api import ApiError
from landrail.localaws.store import calls, routes
from landrail.localaws.store.completion import complete
from landrail.localaws.store.incoming import Answer
from landrail.localaws.store.neutral import neutralize
from landrail.localaws.store.writes import changes_state

_log = logging.getLogger(__name__)
# moto is not safe under threads, and its state is global: so is the lock.
MOTO_LOCK = threading.RLock()
_HOP_HEADERS = frozenset({"status", "server", "content-length", "connection", "date"})


class Store:
    """State of the AWS services that the local AWS does not run itself."""

    def __init__(self) -> None:
        neutralize()
        self._versions: Counter[str] = Counter()

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
        access_key_id: str = "AKIAIOSFODNN7EXAMPLE",
    ) -> Answer:
        """Perform an operation and return moto's answer, an error answer included."""
        request = calls.write(account, region, service, operation, params, access_key_id)
        handler = routes.handler(service, request.raw_path)
        with MOTO_LOCK:
            if changes_state(operation):
                self._versions[service] += 1
            try:
                status, headers, body = handler(request, request.raw_url, request.headers)
            except HTTPException as error:
                status, headers = error.code or 400, dict(error.get_headers())
                body = error.get_body()
            except NotImplementedError as error:
                raise ApiError(
                    "NotImplemented",
                    f"The local AWS does not have {service}:{operation} yet.",
                    501,
                ) from error
            answer = _answer(request.method, status, headers, body)
            if answer.status < 300:
                complete(self, service, operation, params, answer)
            return answer

    def execute(
        self, account: str, region: str, service: str, operation: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Perform an operation in process; raises ApiError for an error answer."""
        answer = self.perform(account, region, service, operation, params)
        return calls.read(service, operation, answer)


def _answer(method: str, status: int, headers: Mapping[str, Any], body: Any) -> Answer:
    dropped = _HOP_HEADERS - {"content-length"} if method == "HEAD" else _HOP_HEADERS
    sent = {str(k): str(v) for k, v in headers.items() if str(k).lower() not in dropped}
    if body is None:
        body = b""
    return Answer(int(status), sent, body.encode() if isinstance(body, str) else bytes(body))
