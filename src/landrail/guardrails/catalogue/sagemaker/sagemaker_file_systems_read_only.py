"""Guardrail: training reads file systems and does not write them."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-file-systems-read-only",
    title="training reads file systems and does not write them",
    why="what a job writes to a file system is in no version of a data set",
    severity="low",
    remedy="mount with FileSystemAccessMode ro",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:FileSystemAccessMode", must=always(must.one_of_if_given("ro"))
    ),
    recommended=False,
)
