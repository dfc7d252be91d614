"""VariableCheck: a variable against a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from landrail.localaws.services.codepipeline.actions.task import ActionFailed, Outcome, Task

OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "EQ": lambda found, wanted: found == wanted,
    "NE": lambda found, wanted: found != wanted,
    "CONTAINS": lambda found, wanted: wanted in found,
    "MATCHES": lambda found, wanted: re.fullmatch(wanted, found) is not None,
}


def variable(task: Task) -> Outcome:
    """Compare; regular expressions are Python's, which are Java's in all but rare things."""
    given = task.configuration
    found, operator, wanted = given["Variable"], given["Operator"], given["Value"]
    told = f"'{found}' {operator} '{wanted}'"
    try:
        met = OPERATORS[operator](found, wanted)
    except re.error as error:
        raise ActionFailed(f"{told}: {error}", "ConfigurationError") from error
    if not met:
        raise ActionFailed(f"Variable check failed: {told}", "RuleFailed")
    return Outcome(summary=f"Variable check succeeded: {told}")
