"""Guardrail: training reads data sets, not file systems."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import (
    Guardrail,
)
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import (
    ML_KINDS,
)

GUARDRAIL = Guardrail(
    id="sagemaker-deny-file-systems",
    title="training reads data sets, not file systems",
    why="data on a file system has no grant and no version",
    severity="low",
    remedy="read a granted data set",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:FileSystemId", must=always(must.not_given())),
    recommended=False,
)
