"""Guardrail: only the platform says by its parameters where jobs run."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _parameters(_facts: Facts) -> tuple[Statement, ...]:
    changes = narrow("ssm", writes_on("ssm", "parameter"))
    return (deny(changes, "arn:aws:ssm:*:*:parameter/landrail/*", unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-parameters",
    title="only the platform says by its parameters where jobs run",
    why="jobs run where the parameters say: who changes them moves the jobs",
    severity="medium",
    remedy="keep parameters of your own outside /landrail/",
    service_control=_parameters,
)
