"""Reading AWS's errors, and the one exception by which a single change fails."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from landrail.diagnostics import Failure

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
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
    return str(error)


def is_denied(error: ClientError) -> bool:
    """Say whether AWS refused the caller."""
    return code(error) in DENIED


def failure(error: Exception, doing: str) -> Failure:
    """Return the Failure that tells a person about an error that stops the whole work."""
    return Failure(f"{doing}: {message(error)}")
