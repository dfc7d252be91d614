"""The file's JSON Schema, made from the typed document."""

from __future__ import annotations

from typing import Any

from landrail.guardrails import guardrails
from landrail.spec import Platform
from landrail.spec.guardrail_field import guardrails_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    made = Platform.model_json_schema(by_alias=True)
    made["properties"]["guardrails"] |= guardrails_schema(guardrails())
    return {"$schema": DIALECT, **made, "title": "landrail.yaml"}
