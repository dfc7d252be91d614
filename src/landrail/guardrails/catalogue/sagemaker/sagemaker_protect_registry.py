"""Guardrail: only pipelines change model versions, only the platform their groups."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, BREAK_GLASS_AND_PLATFORM, role
from landrail.guardrails.statements import Statement, deny

_TAGGING = ("AddTags", "DeleteTags")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    kinds = ("model-package", "model-package-group")
    changes = sorted({name for kind in kinds for name in writes_on("sagemaker", kind)})
    wanted = tuple(name for name in changes if name not in _TAGGING)
    groups = tuple(name for name in wanted if "Group" in name)
    versions = tuple(name for name in wanted if name not in groups)
    return (
        deny(narrow("sagemaker", groups), unless=BREAK_GLASS_AND_PLATFORM),
        deny(
            narrow("sagemaker", versions), unless=(role("pipeline-*-production"), role(BREAK_GLASS))
        ),
    )


GUARDRAIL = Guardrail(
    id="sagemaker-protect-registry",
    title="only pipelines change model versions, only the platform their groups",
    why="a version that is changed after its approval is not what was approved",
    severity="critical",
    remedy="register a new version through the pipeline",
    kinds=("shared-services",),
    service_control=_statements,
)
