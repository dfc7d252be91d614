"""The errors of CloudWatch by the codes of its query protocol, and the check by its model."""

from __future__ import annotations

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.store import checking


def invalid(message: str) -> ApiError:
    """Return a ValidationError."""
    return ApiError("ValidationError", message)


def wrong_value(message: str) -> ApiError:
    """Return an InvalidParameterValue."""
    return ApiError("InvalidParameterValue", message)


def wrong_combination(message: str) -> ApiError:
    """Return an InvalidParameterCombination."""
    return ApiError("InvalidParameterCombination", message)


def lacking(name: str) -> ApiError:
    """Return a MissingParameter."""
    return ApiError("MissingParameter", f"The parameter {name} is required.")


def absent(message: str) -> ApiError:
    """Return a ResourceNotFound, as operations on alarms answer it."""
    return ApiError("ResourceNotFound", message, 404)


def not_here(what: str) -> ApiError:
    """Return the refusal of something that AWS has and the local AWS has not."""
    return invalid(f"The local AWS does not have {what}.")


def checked(operation: Operation) -> Operation:
    """Return an operation that refuses what its model refuses, as CloudWatch calls it."""
    return checking.checked(operation, "ValidationError")


def only(call: ApiCall, known: frozenset[str]) -> None:
    """Refuse the members of a request that would have no effect here."""
    unknown = sorted(set(call.params) - known)
    if unknown:
        raise not_here(f"{', '.join(unknown)} of {call.operation}")
