"""Sections that may be written as one word: `approve: mlops` for `approve: {by: mlops}`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class Part(BaseModel):
    """A section: frozen, and every key that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Worded(Part):
    """A section for which one of its values may stand; `word` is that value's key."""

    word: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {cls.word: value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema, in which the word stands beside the section."""
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        section = {key: schema.pop(key) for key in list(schema) if key != "description"}
        field = section["properties"][cls.word]
        plain = [c for c in field.get("anyOf", [field]) if c != {"type": "null"}]
        words = [{k: v for k, v in c.items() if k not in _TOLD} for c in plain]
        schema["anyOf"] = [*words, section]
        return reference


_TOLD = ("description", "default", "title")
