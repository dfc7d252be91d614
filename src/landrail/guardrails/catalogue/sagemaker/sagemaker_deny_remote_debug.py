"""Guardrail: nobody opens a shell inside a training job."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="sagemaker-deny-remote-debug",
    title="nobody opens a shell inside a training job",
    why="a shell inside a job reads its data past every log",
    severity="medium",
    remedy="run the job under data science to debug it",
    kinds=("uat", "production"),
    service_control=Holding(key="sagemaker:EnableRemoteDebug", must=always(must.not_true())),
)
