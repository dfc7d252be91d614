"""Guardrail: packages come from the platform's repositories alone."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("codeartifact:AssociateExternalConnection", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="codeartifact-no-outside",
    title="packages come from the platform's repositories alone",
    why="a package of the internet runs with the rights of the build that takes it",
    severity="high",
    remedy="put the package into the platform's repository",
    kinds=(
        "shared-services",
        "data-science",
        "development",
    ),
    service_control=_statements,
    proactive=(templates.not_given("AWS::CodeArtifact::Repository", "ExternalConnections"),),
    detective=(Detective("codeartifact-repository-no-external-connection"),),
)
