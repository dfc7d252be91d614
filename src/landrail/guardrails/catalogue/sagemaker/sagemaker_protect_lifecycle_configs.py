"""Guardrail: only the platform writes the scripts that run at the start of notebooks and apps."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS
from landrail.guardrails.statements import Statement, deny

_NOTEBOOKS = ("notebook-instance-lifecycle-config",)
# Under data science `protect-studio` keeps those of Studio.
_BOTH = (*_NOTEBOOKS, "studio-lifecycle-config")
_TAGGING = ("AddTags", "DeleteTags")


def _statements(facts: Facts) -> tuple[Statement, ...]:
    kinds = _NOTEBOOKS if facts.kind == "data-science" else _BOTH
    changes = sorted({name for kind in kinds for name in writes_on("sagemaker", kind)})
    wanted = tuple(n for n in changes if n not in _TAGGING and "LifecycleConfig" in n)
    return (deny(narrow("sagemaker", wanted), unless=BREAK_GLASS_AND_PLATFORM),)


GUARDRAIL = Guardrail(
    id="sagemaker-protect-lifecycle-configs",
    title="only the platform writes the scripts that run at the start of notebooks and apps",
    why="a script that runs at every start acts as whoever starts it",
    severity="high",
    remedy="have the script added to the platform",
    kinds=ML_KINDS,
    service_control=_statements,
)
