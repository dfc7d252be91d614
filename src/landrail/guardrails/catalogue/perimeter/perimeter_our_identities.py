"""Guardrail: only identities of the organization reach its data and code."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.perimeter import PERIMETER, ours_only
from landrail.guardrails.statements import Statement

_ENTERING = "sts:AssumeRole"


def _resources(facts: Facts) -> tuple[Statement, ...]:
    partners = facts.option("perimeter-our-identities")
    services = tuple(f"{service}:*" for service in PERIMETER)
    return (ours_only((*services, _ENTERING), partners),)


GUARDRAIL = Guardrail(
    id="perimeter-our-identities",
    title="only identities of the organization reach its data and code",
    why="a policy that trusts one account too many is read by whoever knows it",
    severity="critical",
    remedy="share inside of the organization; the file may name accounts of partners",
    resource_control=_resources,
    option=Option("ids of accounts outside that are let in", r"\d{12}"),
)
