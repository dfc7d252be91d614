"""Guardrail: what a model version says of its making stays."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-keep-lineage",
    title="what a model version says of its making stays",
    why="a version whose lineage is gone may be anything",
    severity="high",
    remedy="register a new version instead",
    kinds=(*ML_KINDS, "shared-services"),
    service_control=Holding(
        key="sagemaker:CustomerMetadataPropertiesToRemove", must=always(must.not_given())
    ),
)
