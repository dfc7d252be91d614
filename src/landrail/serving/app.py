"""`GET /ping` and `POST /invocations` as an ASGI application."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from landrail.serving.batching import Batcher
from landrail.serving.formats import accepted, of_content_type
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LARGEST_MEGABYTES = 100
"""What a request holds at most, unless SageMaker says another number; its own bound for a batch."""


class App:
    """Answers requests for one model that is loaded."""

    def __init__(self, predict: Callable[[Rows], Any], schema: Schema) -> None:
        self._schema = schema
        self._batcher = Batcher(checked(predict))
        megabytes = os.environ.get("SAGEMAKER_MAX_PAYLOAD_IN_MB") or LARGEST_MEGABYTES
        self._largest = int(megabytes) * 1024 * 1024

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI wants it."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        try:
            kind, body = await self._answer(scope, receive)
            status = 200
        except Refusal as refused:
            status, kind, body = refused.status, b"application/json", refused.body()
        except Exception:  # noqa: BLE001 - a project's own code may raise anything
            # The log tells the project's authors; a client is told no inner thing.
            traceback.print_exc(file=sys.stderr)
            status, kind = 500, b"application/json"
            body = Refusal(500, ["the model failed; its log says how"]).body()
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> tuple[bytes, bytes]:
        path, method = scope["path"], scope["method"]
        if path == "/invocations":
            if method != "POST":
                raise Refusal(405, ["predictions are asked for by POST"])
            return await self._invocation(scope["headers"], receive)
        if path == "/ping":
            if method != "GET":
                raise Refusal(405, ["health is asked for by GET"])
            return b"text/plain", b""
        raise Refusal(404, [f"there is no `{path}`; there are /ping and /invocations"])

    async def _invocation(
        self, headers: list[tuple[bytes, bytes]], receive: Receive
    ) -> tuple[bytes, bytes]:
        content_type = accept = ""
        for name, value in headers:
            if name == b"content-type":
                content_type = value.decode("latin-1")
            elif name == b"accept":
                accept = value.decode("latin-1")
        taken, options = of_content_type(content_type)
        given = accepted(accept, taken)
        body = await self._body(receive)
        if not body:
            raise Refusal(400, ["the body is empty"])
        rows = self._schema.check(taken.read(body, options, self._schema))
        predictions = await self._batcher.predict(rows)
        return given.CONTENT_TYPE.encode(), given.write(predictions)

    async def _body(self, receive: Receive) -> bytes:
        message = await receive()
        if not message.get("more_body"):
            return self._bounded(message.get("body", b""))
        parts, size = [message["body"]], len(message["body"])
        while message.get("more_body"):
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self._largest:
                break
        return self._bounded(b"".join(parts))

    def _bounded(self, body: bytes) -> bytes:
        if len(body) > self._largest:
            raise Refusal(413, [f"the body is larger than {self._largest >> 20} MB"])
        return body

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self._batcher.close()
                return


def checked(predict: Callable[[Rows], Any]) -> Callable[[Rows], npt.NDArray[Any]]:
    """Return `predict` with its answer as an array of one value, or several, a row."""

    def answer(rows: Rows) -> npt.NDArray[Any]:
        made = np.asarray(predict(rows))
        if made.ndim not in (1, 2) or len(made) != rows.count:
            raise ValueError(
                f"predict() returned an array of shape {made.shape} for {rows.count} rows; "
                f"it must be ({rows.count},) or ({rows.count}, values)"
            )
        return made

    return answer
