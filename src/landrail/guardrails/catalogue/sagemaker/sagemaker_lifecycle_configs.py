"""Guardrail: only named scripts run at the start of notebooks and Studio apps."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, Holdings, by_option
from landrail.guardrails.sagemaker import ML_KINDS

_ID = "sagemaker-lifecycle-configs"
_KEYS = ("NotebookInstanceLifecycleConfigArns", "StudioLifecycleConfigArns")

GUARDRAIL = Guardrail(
    id="sagemaker-lifecycle-configs",
    title="only named scripts run at the start of notebooks and Studio apps",
    why="a script that runs at every start acts as whoever starts it",
    severity="high",
    remedy="have the script approved, and name its ARN in the file",
    kinds=ML_KINDS,
    service_control=Holdings(
        tuple(
            Holding(key=f"sagemaker:{name}", must=by_option(_ID, must.all_of_if_given))
            for name in _KEYS
        )
    ),
    recommended=False,
    option=Option(
        "patterns of the ARNs of lifecycle configurations",
        "arn:aws[a-z-]*:sagemaker:.*lifecycle-config/.+",
    ),
)
