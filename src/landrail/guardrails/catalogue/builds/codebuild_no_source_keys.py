"""Guardrail: no account keeps credentials of a code host."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="codebuild-no-source-keys",
    title="no account keeps credentials of a code host",
    why="whoever may start a build may use them",
    severity="high",
    remedy="take the source from CodeCommit or by a connection",
    kinds=("shared-services", "data-science", "development", "uat", "production"),
    frameworks=Frameworks(security_hub=("CodeBuild.1",), conformance_packs=("devops",)),
    service_control=fixed(deny("codebuild:ImportSourceCredentials", unless=BREAK_GLASS_ONLY)),
    detective=(Detective("codebuild-project-source-repo-url-check"),),
)
