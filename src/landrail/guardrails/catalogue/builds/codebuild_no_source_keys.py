"""Guardrail: no account keeps credentials of a code host."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("codebuild:ImportSourceCredentials", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="codebuild-no-source-keys",
    title="no account keeps credentials of a code host",
    why="whoever may start a build may use them",
    severity="high",
    remedy="take the source from CodeCommit or by a connection",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    frameworks=Frameworks(
        security_hub=("CodeBuild.1",),
        conformance_packs=("devops",),
    ),
    service_control=_statements,
    detective=(Detective("codebuild-project-source-repo-url-check"),),
)
