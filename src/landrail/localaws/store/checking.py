"""An operation of a service of ours that refuses what botocore's model of it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.store.constraints import broken
from landrail.localaws.store.models import operation_model


def checked(operation: Operation, code: str = "ValidationException") -> Operation:
    """Return the operation with that check before it, in AWS's words and under this code."""

    def perform(call: ApiCall) -> Mapping[str, Any]:
        shape = operation_model(call.service, call.operation).input_shape
        problems = list(broken(shape, call.params, ""))
        if problems:
            count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
            raise ApiError(code, count + "; ".join(problems))
        return operation(call)

    return perform
