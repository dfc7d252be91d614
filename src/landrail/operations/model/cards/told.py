"""What a project says of its model: `[tool.landrail.card]` of its `pyproject.toml`, all of it by
choice, in the words of SageMaker's model cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.diagnostics import nearest

LONGEST = 2048
RISKS = ("High", "Medium", "Low", "Unknown")
INTENDED = (
    "purpose_of_model",
    "intended_uses",
    "factors_affecting_model_efficiency",
    "risk_rating",
    "explanations_for_risk_rating",
)
BUSINESS = ("business_problem", "business_stakeholders", "line_of_business")
ADDITIONAL = ("ethical_considerations", "caveats_and_recommendations")
KEYS = (*INTENDED, *BUSINESS, *ADDITIONAL)


def wrong_card(said: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a project's words, and what to do about it."""
    where = "`tool.landrail.card"
    if not isinstance(said, Mapping):
        yield f"{where}` is no table", "write `[tool.landrail.card]`, and texts below it"
        return
    for key, value in said.items():
        if key not in KEYS:
            guess = nearest(key, KEYS)
            known = f"did you mean `{guess}`?" if guess else f"known: {', '.join(KEYS)}"
            yield f"unknown key {where}.{key}`", known
        elif not isinstance(value, str):
            yield f"{where}.{key}` is no text", "write it in quotes"
        elif key == "risk_rating" and value not in RISKS:
            yield f"{where}.{key}` is `{value}`", f"one of {', '.join(RISKS)}"
        elif len(value) > LONGEST:
            yield (
                f"{where}.{key}` has {len(value)} characters",
                f"SageMaker takes {LONGEST} at most",
            )
