"""The model card of a version: its content held to AWS's schema, its states.

Source: SageMaker Developer Guide, "Model package model card schema"; API Reference,
ModelPackageModelCard. The schema is that of JSON Schema, as far as it uses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.services.sagemaker.validation import invalid

ARCHIVED = "Archived"
Schema = Mapping[str, Any]
_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
}
_TOLD = 5


def text(longest: int) -> Schema:
    """A text of at most so many characters."""
    return {"type": "string", "maxLength": longest}


def fields(*needed: str, **known: Schema) -> Schema:
    """An object with these members and no others, of which some must be there."""
    return {"type": "object", "properties": known, "required": needed}


def many(items: Schema, most: int | None = None) -> Schema:
    """A list."""
    return {"type": "array", "items": items, "maxItems": most}


def texts(**longest: int) -> Schema:
    """An object of texts."""
    known: dict[str, Schema] = {name: text(length) for name, length in longest.items()}
    return fields(**known)


_NAME = {"type": "string", "pattern": ".{1,63}"}
_LABEL = {"type": "string", "pattern": ".{1,255}", "maxLength": 255}
_AXIS: Mapping[str, Schema] = {"x_axis_name": text(1024), "y_axis_name": text(1024)}
_AXES: Mapping[str, Schema] = {"x_axis_name": many(text(1024)), "y_axis_name": many(text(1024))}
_METRIC = fields(
    "name",
    "type",
    "value",
    name=_LABEL,
    notes=text(1024),
    type={"enum": ("number", "string", "boolean")},
    value={"anyOf": ({"type": "number"}, text(1024), {"type": "boolean"})},
    **_AXIS,
)
_PLOT = fields(
    "name",
    "type",
    "value",
    name=_LABEL,
    notes=text(1024),
    type={"enum": ("linear_graph", "bar_chart", "matrix")},
    value={"type": "array"},
    **_AXES,
)
_TRAINED = fields("name", "value", name=_LABEL, notes=text(1024), value={"type": "number"})
_PARAMETER = fields("name", "value", name=_LABEL, value=text(255))
SCHEMA = fields(
    model_overview=fields(model_creator=text(1024), model_artifact=many(text(1024))),
    intended_uses=fields(
        purpose_of_model=text(2048),
        intended_uses=text(2048),
        factors_affecting_model_efficiency=text(2048),
        risk_rating={"enum": ("High", "Medium", "Low", "Unknown")},
        explanations_for_risk_rating=text(2048),
    ),
    business_details=texts(
        business_problem=2048, business_stakeholders=2048, line_of_business=2048
    ),
    training_details=fields(
        objective_function=fields(
            function=fields(
                function={"enum": ("Maximize", "Minimize")}, facet=text(63), condition=text(63)
            ),
            notes=text(1024),
        ),
        training_observations=text(1024),
        training_job_details=fields(
            training_arn=text(1024),
            training_datasets=many(text(1024)),
            training_environment=fields(container_image=many(text(1024))),
            training_metrics=many(_TRAINED, 50),
            user_provided_training_metrics=many(_TRAINED, 50),
            hyper_parameters=many(_PARAMETER, 100),
            user_provided_hyper_parameters=many(_PARAMETER, 100),
        ),
    ),
    evaluation_details=many(
        fields(
            "name",
            name=_NAME,
            evaluation_observation=text(2096),
            evaluation_job_arn=text(256),
            datasets=many(text(1024), 10),
            metadata={"type": "object", "additional": text(1024)},
            metric_groups=many(
                fields(
                    "name",
                    "metric_data",
                    name=_NAME,
                    metric_data=many({"anyOf": (_METRIC, _PLOT)}),
                )
            ),
        )
    ),
    additional_information=fields(
        ethical_considerations=text(2048),
        caveats_and_recommendations=text(2048),
        custom_details={"type": "object", "additional": text(1024)},
    ),
)


def check_card(card: Mapping[str, Any] | None) -> None:
    """Raise ApiError for a card whose content does not follow the schema."""
    content = (card or {}).get("ModelCardContent")
    if content is None:
        return
    try:
        document = json.loads(content)
    except ValueError as error:
        raise invalid(f"Model card content is not valid JSON: {error}") from error
    wrong = list(problems(SCHEMA, document, "$"))
    if wrong:
        raise invalid("Model card content is not valid: " + "; ".join(wrong[:_TOLD]))


def updated(kept: Document, given: Document) -> Document:
    """Return a card after a change; raises ApiError for one that is archived."""
    if kept.get("ModelCardStatus") == ARCHIVED and "ModelCardContent" in given:
        raise invalid("Model Card is in Archived state.")
    check_card(given)
    return {**kept, **given}


def problems(schema: Schema, value: Any, where: str) -> Iterator[str]:
    """Yield what in a value does not follow a schema, with its place."""
    if "anyOf" in schema:
        found = [list(problems(one, value, where)) for one in schema["anyOf"]]
        if all(found):
            yield from min(found, key=len)
        return
    kinds = _KINDS.get(schema.get("type", ""))
    is_flag = isinstance(value, bool) and bool not in (kinds or (bool,))
    if kinds and (is_flag or not isinstance(value, kinds)):
        yield f"{where} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of {', '.join(schema['enum'])}"
    if isinstance(value, str):
        yield from _of_text(schema, value, where)
    elif isinstance(value, list):
        if schema.get("maxItems") is not None and len(value) > schema["maxItems"]:
            yield f"{where} has more than {schema['maxItems']} items"
        for number, item in enumerate(value):
            yield from problems(schema.get("items", {}), item, f"{where}[{number}]")
    elif isinstance(value, dict):
        yield from _of_object(schema, value, where)


def _of_text(schema: Schema, value: str, where: str) -> Iterator[str]:
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{where} is longer than {schema['maxLength']} characters"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where} does not match {schema['pattern']}"


def _of_object(schema: Schema, value: Document, where: str) -> Iterator[str]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{where}.{name} is missing"
    for name, inner in value.items():
        if name in known:
            yield from problems(known[name], inner, f"{where}.{name}")
        elif "additional" in schema:
            yield from problems(schema["additional"], inner, f"{where}.{name}")
        elif "properties" in schema:
            yield f"{where}.{name} is not known"
