"""How every mistake of a user is reported: what, where, and what to do.

Diagnostics are for the user's mistakes, exceptions for ours. A stage that finds mistakes collects
all of them and raises one `Mistakes`; the command line alone turns them into text or JSON.
"""

from landrail.diagnostics.counting import counted
from landrail.diagnostics.diagnostic import (
    Diagnostic,
    Failure,
    Mistakes,
    Position,
    Severity,
    SourceRange,
)
from landrail.diagnostics.nearest import nearest

__all__ = [
    "Diagnostic",
    "Failure",
    "Mistakes",
    "Position",
    "Severity",
    "SourceRange",
    "counted",
    "nearest",
]
