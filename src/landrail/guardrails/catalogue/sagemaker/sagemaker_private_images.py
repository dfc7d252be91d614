"""Guardrail: models run images of private registries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.guardrail import Guardrail, TemplateCheck
from landrail.guardrails.sagemaker import ML_KINDS, images


def _check(properties: Mapping[str, Any]) -> str | None:
    public = [image for image in images(properties) if ".dkr.ecr." not in image]
    return f"`{public[0]}` is in no private registry" if public else None


GUARDRAIL = Guardrail(
    id="sagemaker-private-images",
    title="models run images of private registries",
    why="an image of a public registry changes under the same name",
    severity="medium",
    remedy="bring the image to the registry of shared services",
    kinds=ML_KINDS,
    proactive=(TemplateCheck("AWS::SageMaker::Model", _check),),
)
