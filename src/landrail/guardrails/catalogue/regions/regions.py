"""Guardrail: accounts of a kind work in named regions alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.regions import only_in
from landrail.guardrails.statements import Statement


def _statements(facts: Facts) -> tuple[Statement, ...]:
    named = facts.option("regions")
    return (only_in(*named),) if named else ()


GUARDRAIL = Guardrail(
    id="regions",
    title="accounts of a kind work in named regions alone",
    why="what stands in a region where nothing is looked at is found by nobody",
    severity="medium",
    remedy="work in a region that the file names for the account's kind",
    service_control=_statements,
    recommended=False,
    option=Option("regions", r"[a-z]{2}(-[a-z]+)+-[0-9]", names="region"),
)
