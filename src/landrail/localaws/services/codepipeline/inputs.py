"""Requests checked against the operation's own model before anything else looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.store import broken, operation_model


def checked(operation: Operation) -> Operation:
    """Return an operation that refuses what its model refuses, in AWS's words."""

    def perform(call: ApiCall) -> Mapping[str, Any]:
        shape = operation_model(call.service, call.operation).input_shape
        problems = list(broken(shape, call.params, ""))
        if problems:
            count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected: "
            raise ApiError("ValidationException", count + "; ".join(problems))
        return operation(call)

    return perform
