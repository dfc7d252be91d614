"""Guardrail: packages come from the platform's repositories alone."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="codeartifact-no-outside",
    title="packages come from the platform's repositories alone",
    why="a package of the internet runs with the rights of the build that takes it",
    severity="high",
    remedy="put the package into the platform's repository",
    kinds=("shared-services", "data-science", "development"),
    service_control=fixed(
        deny("codeartifact:AssociateExternalConnection", unless=BREAK_GLASS_ONLY)
    ),
    proactive=(templates.not_given("AWS::CodeArtifact::Repository", "ExternalConnections"),),
    detective=(Detective("codeartifact-repository-no-external-connection"),),
)
