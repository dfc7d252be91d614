"""Guardrail: nobody starts what no condition could hold."""

from __future__ import annotations

from landrail.guardrails.actions import narrow
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.sagemaker import ML_KINDS, bare
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="sagemaker-deny-unguarded-compute",
    title="nobody starts what no condition could hold",
    why="no condition can put such a job into the VPC, or name a key for it",
    severity="medium",
    remedy="use training and processing jobs",
    kinds=ML_KINDS,
    service_control=fixed(deny(narrow("sagemaker", bare()), unless=BREAK_GLASS_ONLY)),
)
