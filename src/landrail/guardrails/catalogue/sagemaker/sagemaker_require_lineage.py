"""Guardrail: every model version says the commit and the data that it is made of."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, Holdings, always

_APART = {"UpdateModelPackage": "changes a version that has said it: see sagemaker-keep-lineage"}


def _says(name: str) -> Holding:
    return Holding(
        key=f"sagemaker:CustomerMetadataProperties/{name}",
        published="sagemaker:CustomerMetadataProperties/${MetadataKey}",
        must=always(must.given()),
        apart=_APART,
    )


GUARDRAIL = Guardrail(
    id="sagemaker-require-lineage",
    title="every model version says the commit and the data that it is made of",
    why="a version that does not say what it is made of cannot be made again or be vouched for",
    severity="high",
    remedy="register through the pipeline, which gives `commit` and `data`",
    kinds=("uat", "production"),
    service_control=Holdings((_says("commit"), _says("data"))),
    recommended=False,
)
