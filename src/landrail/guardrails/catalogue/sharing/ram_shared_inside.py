"""Guardrail: resources are shared inside of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    exempt = BREAK_GLASS_ONLY
    return (
        # Who does not say so shares with everybody: an absent key is denied, too.
        deny(
            ("ram:CreateResourceShare", "ram:UpdateResourceShare"),
            unless=exempt,
            when={"BoolIfExists": {"ram:RequestedAllowsExternalPrincipals": "true"}},
        ),
        deny(
            "ram:AssociateResourceShare",
            unless=exempt,
            when={"Bool": {"ram:AllowsExternalPrincipals": "true"}},
        ),
        deny("ram:AcceptResourceShareInvitation", unless=exempt),
    )


GUARDRAIL = Guardrail(
    id="ram-shared-inside",
    title="resources are shared inside of the organization",
    why="an account outside is bound by none of the guardrails",
    severity="critical",
    remedy="set allowExternalPrincipals to false, which it is not by default",
    service_control=_statements,
    proactive=(templates.is_one_of("AWS::RAM::ResourceShare", "AllowExternalPrincipals", False),),
)
