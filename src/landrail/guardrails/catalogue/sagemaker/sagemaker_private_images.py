"""Guardrail: models run images of private registries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.guardrail import (
    Guardrail,
    TemplateCheck,
)
from landrail.guardrails.sagemaker import (
    ML_KINDS,
)


def _public(image: object) -> bool:
    return isinstance(image, str) and ".dkr.ecr." not in image


def _check(properties: Mapping[str, Any]) -> str | None:
    containers = [properties.get("PrimaryContainer"), *_listed(properties.get("Containers"))]
    for container in containers:
        if isinstance(container, Mapping) and _public(container.get("Image")):
            return f"`{container['Image']}` is in no private registry"
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


GUARDRAIL = Guardrail(
    id="sagemaker-private-images",
    title="models run images of private registries",
    why="an image of a public registry changes under the same name",
    severity="medium",
    remedy="bring the image to the registry of shared services",
    kinds=ML_KINDS,
    proactive=(TemplateCheck("AWS::SageMaker::Model", _check),),
)
