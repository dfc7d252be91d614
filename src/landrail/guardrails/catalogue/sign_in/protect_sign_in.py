"""Guardrail: only the platform changes the identity providers that the roles of people trust."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    providers = {*writes_on("iam", "oidc-provider"), *writes_on("iam", "saml-provider")}
    return (
        deny(
            narrow("iam", tuple(sorted(providers))),
            unless=MAKERS,
        ),
    )


GUARDRAIL = Guardrail(
    id="protect-sign-in",
    title="only the platform changes the identity providers that the roles of people trust",
    why="who can add an identity provider can sign in as anybody",
    severity="critical",
    remedy="change `identity` in the file and apply it",
    service_control=_statements,
)
