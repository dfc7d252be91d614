"""Requests checked against the service's own model, with the words that AWS uses.

Required members, patterns, lengths, enumerations and ranges come from botocore's description of
the operation, so that what AWS would refuse before looking at anything is refused here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from botocore.model import OperationModel

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.store import broken, operation_model

# Members that only tell AWS how to bill or observe: taking no notice of them changes no result.
_WITHOUT_EFFECT = frozenset(
    {
        "ClientToken",
        "DebugHookConfig",
        "ExperimentConfig",
        "ProfilerConfig",
        "ProfilerRuleConfigurations",
        "Tags",
    }
)


def invalid(message: str) -> ApiError:
    """Return a ValidationException."""
    return ApiError("ValidationException", message)


def check(call: ApiCall, supported: Iterable[str] | None = None) -> None:
    """Raise ApiError where the request breaks the operation's model, or (with `supported`) uses a
    member that the local AWS does not have."""
    problems = list(broken(operation(call.service, call.operation).input_shape, call.params, ""))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
        raise invalid(count + "; ".join(problems))
    if supported is not None:
        unknown = sorted(set(call.params) - set(supported) - _WITHOUT_EFFECT)
        if unknown:
            raise invalid(
                f"The local AWS does not support {', '.join(unknown)} of {call.operation}."
            )


@lru_cache
def operation(service: str, name: str) -> OperationModel:
    """Return botocore's model of an operation."""
    return operation_model(service, name)
