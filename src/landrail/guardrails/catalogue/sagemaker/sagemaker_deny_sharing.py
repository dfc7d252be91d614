"""Guardrail: only the platform shares models, features and lineage with other accounts."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes
from landrail.guardrails.guardrail import Detective, Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS, OTHER_KINDS
from landrail.guardrails.statements import Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    wanted = tuple(
        name for name in writes("sagemaker") if name.endswith("Policy") or "SharedModel" in name
    )
    return (deny(narrow("sagemaker", wanted), unless=BREAK_GLASS_AND_PLATFORM),)


GUARDRAIL = Guardrail(
    id="sagemaker-deny-sharing",
    title="only the platform shares models, features and lineage with other accounts",
    why="a resource policy lets in who is in no file",
    severity="high",
    remedy="name who reads the registry in the file",
    kinds=(*ML_KINDS, *OTHER_KINDS),
    service_control=_statements,
    detective=(Detective("sagemaker-model-package-group-open-outside"),),
)
