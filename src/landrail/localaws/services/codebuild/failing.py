"""How a step of a build fails: CodeBuild's code and words, and the status it gives the build."""

from __future__ import annotations

from landrail.localaws.api import ApiError


class Failed(Exception):
    """The phase under way failed; `code` is CodeBuild's."""

    def __init__(self, code: str, message: str, status: str = "FAILED") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def refused(doing: str, error: Exception) -> Failed:
    """Return the failure for what a service, or the content it gave, said to a step."""
    denied = isinstance(error, ApiError) and "AccessDenied" in error.code
    message = error.message if isinstance(error, ApiError) else str(error)
    return Failed("ACCESS_DENIED" if denied else "CLIENT_ERROR", f"{doing}: {message}")
