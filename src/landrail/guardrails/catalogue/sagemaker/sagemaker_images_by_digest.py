"""Guardrail: models name their images by digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.guardrails.guardrail import Detective, Guardrail, TemplateCheck
from landrail.guardrails.sagemaker import ML_KINDS, images


def _check(properties: Mapping[str, Any]) -> str | None:
    moving = [image for image in images(properties) if "@sha256:" not in image]
    return f"`{moving[0]}` names an image by a tag" if moving else None


GUARDRAIL = Guardrail(
    id="sagemaker-images-by-digest",
    title="models name their images by digest",
    why="a tag can come to mean another image than the one that was tested",
    severity="medium",
    remedy="name the image by its digest",
    kinds=ML_KINDS,
    proactive=(TemplateCheck("AWS::SageMaker::Model", _check),),
    detective=(Detective("sagemaker-model-image-by-digest"),),
)
