"""Guardrail: only people of the enterprise label data."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-private-workforce",
    title="only people of the enterprise label data",
    why="a public workforce sees the data that it labels",
    severity="high",
    remedy="give a private work team",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:WorkteamType", must=always(must.one_of("private-crowd"))
    ),
)
