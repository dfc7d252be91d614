"""An operator as a condition writes it, in any case: `ForAnyValue:StringLikeIfExists`.

What it tests is in `operators`; here is only which one is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from landrail.diagnostics import nearest
from landrail.policy.operators import OPERATORS

Quantifier = Literal["ForAllValues", "ForAnyValue"]

_QUANTIFIERS: Mapping[str, Quantifier] = {
    "forallvalues": "ForAllValues",
    "foranyvalue": "ForAnyValue",
}
_BY_LOWER = {name.lower(): name for name in OPERATORS}
_IF_EXISTS = "ifexists"


@dataclass(frozen=True, slots=True)
class OperatorName:
    """An operator's bare name, None where there is none like it, and what stands around it."""

    name: str | None
    quantifier: Quantifier | None
    if_exists: bool


def read_operator(written: str) -> OperatorName:
    """Return the operator that is written."""
    prefix, _, bare = written.rpartition(":")
    quantifier = _QUANTIFIERS.get(prefix.lower()) if prefix else None
    lowered = bare.lower()
    if_exists = lowered.endswith(_IF_EXISTS) and lowered != _IF_EXISTS
    name = _BY_LOWER.get(lowered.removesuffix(_IF_EXISTS) if if_exists else lowered)
    known = not prefix or quantifier is not None
    return OperatorName(name if known else None, quantifier, if_exists)


def operator_meant(written: str) -> str | None:
    """Return what to say of an operator that there is not, if one is like it."""
    near = nearest(written.rpartition(":")[2], _BY_LOWER)
    return f"did you mean `{_BY_LOWER[near]}`?" if near else None
