"""Reading AWS's errors, and the one exception by which a single change fails."""

from __future__ import annotations

from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
)

from landrail.diagnostics import Failure

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
_NO_ANSWER = (EndpointConnectionError, ConnectionClosedError)
CallError = (ClientError, BotoCoreError)


class ChangeFailed(Exception):
    """One change could not be made; the others go on."""


def code(error: ClientError) -> str:
    """Return AWS's error code, like `AccessDenied`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message(error: Exception) -> str:
    """Return AWS's own words, with the code where there is one."""
    if isinstance(error, ClientError):
        said = error.response.get("Error", {}).get("Message", "")
        return f"{code(error)}: {said} ({error.operation_name})"
    if isinstance(error, _NO_ANSWER):
        return f"there is no answer from {_host(error)}"
    return str(error)


def _host(error: Exception) -> str:
    url = str(getattr(error, "kwargs", {}).get("endpoint_url") or "")
    return urlsplit(url).netloc or url or "AWS"


def is_denied(error: ClientError) -> bool:
    """Say whether AWS refused the caller."""
    return code(error) in DENIED


def failure(error: Exception, doing: str) -> Failure:
    """Return the Failure that tells a person about an error that stops the whole work."""
    gone = isinstance(error, _NO_ANSWER) and _host(error).startswith("127.0.0.1:")
    remedy = "the local AWS has ended; `landrail local start` starts it again" if gone else None
    return Failure(f"{doing}: {message(error)}", remedy)
