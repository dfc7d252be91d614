"""Metric math: expressions over series of values, read and computed.

Search expressions, Metrics Insights queries and anomaly detection are not there, and say so.
"""

from landrail.localaws.services.cloudwatch.expressions.compute import (
    Grid,
    Run,
    Scope,
    Value,
    compute,
)
from landrail.localaws.services.cloudwatch.expressions.functions import FUNCTIONS
from landrail.localaws.services.cloudwatch.expressions.parse import (
    Expression,
    MathError,
    names,
    parse,
)

__all__ = [
    "FUNCTIONS",
    "Expression",
    "Grid",
    "MathError",
    "Run",
    "Scope",
    "Value",
    "compute",
    "names",
    "parse",
]
