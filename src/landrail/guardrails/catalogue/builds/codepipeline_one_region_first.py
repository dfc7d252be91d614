"""Guardrail: a pipeline deploys to one place before it deploys to many."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="codepipeline-one-region-first",
    title="a pipeline deploys to one place before it deploys to many",
    why="what fails everywhere at once is mended nowhere first",
    severity="low",
    remedy="deploy to one account in the first stage",
    frameworks=Frameworks(
        conformance_packs=("devops",),
    ),
    detective=(Detective("codepipeline-deployment-count-check"),),
    recommended=False,
)
