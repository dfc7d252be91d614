"""Guardrail: everything happens in the platform's region."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.regions import only_in
from landrail.guardrails.statements import Statement


def _statements(facts: Facts) -> tuple[Statement, ...]:
    more = facts.option("deny-other-regions")
    return (only_in(*dict.fromkeys((facts.region, *more))),)


GUARDRAIL = Guardrail(
    id="deny-other-regions",
    title="everything happens in the platform's region",
    why="what stands in a region where nothing is looked at is found by nobody",
    severity="medium",
    remedy="work in the region of the file, or in one that the file adds",
    service_control=_statements,
    option=Option("regions beside the platform's", r"[a-z]{2}(-[a-z]+)+-[0-9]", names="region"),
)
