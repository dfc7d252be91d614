"""Guardrail: nobody lifts the block of public access of an account."""

from __future__ import annotations

from landrail.guardrails.guardrail import MAKERS, Facts, Guardrail, Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:PutAccountPublicAccessBlock", unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="s3-protect-account-block",
    title="nobody lifts the block of public access of an account",
    why="one call opens all buckets of the account at once",
    severity="critical",
    remedy="share with roles by name",
    service_control=_statements,
)
