"""What a condition operator is: one small value per operator.

An operator answers one question, whether a request's value passes against a list of policy values;
negation is the operator's flag, absent keys and quantifiers are `conditions`' business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landrail.policy.glob import Lookup

Test = Callable[[str, Lookup], bool | None]
"""Whether one value of the request passes; None where the two cannot be compared."""

Compile = Callable[[Sequence[str], bool], Test]
"""Make a Test from a policy's values (any of them may fit); the flag says whether `${...}` is a
variable. Raises ValueError on a value that the operator cannot read."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One condition operator. `test` is for the positive question; `negated` turns the answer."""

    name: str
    test: Compile
    negated: bool = False
    wildcards: bool = False
    widened: Callable[[str], str] | None = None
    """Where AWS does not say what a value fits (an ARN that breaks off): the value as it is read
    where less is granted if it fits more."""
