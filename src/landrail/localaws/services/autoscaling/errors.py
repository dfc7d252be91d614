"""The errors of Application Auto Scaling."""

from __future__ import annotations

from landrail.localaws.api import ApiError


def invalid(message: str) -> ApiError:
    """Return a ValidationException."""
    return ApiError("ValidationException", message)


def missing(message: str) -> ApiError:
    """Return an ObjectNotFoundException."""
    return ApiError("ObjectNotFoundException", message)


def not_here(what: str) -> ApiError:
    """Return the refusal of something that AWS has and the local AWS has not."""
    return invalid(f"The local AWS does not have {what}.")
