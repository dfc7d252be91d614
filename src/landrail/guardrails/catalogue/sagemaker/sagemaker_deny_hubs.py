"""Guardrail: no models, apps and hubs of others."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.sagemaker import ML_KINDS
from landrail.guardrails.statements import Statement, deny

_WORDS = ("Hub", "PartnerApp")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    wanted = tuple(name for name in writes("sagemaker") if any(word in name for word in _WORDS))
    return (deny(narrow("sagemaker", wanted), unless=BREAK_GLASS_ONLY),)


GUARDRAIL = Guardrail(
    id="sagemaker-deny-hubs",
    title="no models, apps and hubs of others",
    why="what comes from a hub has passed no gate, and an app of a partner sees the data",
    severity="medium",
    remedy="bring it as a model of your own",
    kinds=ML_KINDS,
    service_control=_statements,
)
