"""Guardrail: links to objects end soon."""

from __future__ import annotations

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.perimeter import deny_all
from landrail.guardrails.statements import Statement

_MINUTE = 60_000
"""In the unit of the condition key."""


def _resources(facts: Facts) -> tuple[Statement, ...]:
    return tuple(
        deny_all(
            "s3:*",
            {
                "StringEquals": {"s3:authType": "REST-QUERY-STRING"},
                "NumericGreaterThan": {"s3:signatureAge": str(int(minutes) * _MINUTE)},
            },
        )
        for minutes in facts.option("s3-link-age")[:1]
    )


GUARDRAIL = Guardrail(
    id="s3-link-age",
    title="links to objects end soon",
    why="a link works for whoever has it, as long as it lasts",
    severity="medium",
    remedy="sign a link when it is needed; the file says for how many minutes links are good",
    resource_control=_resources,
    recommended=False,
    option=Option("how many minutes a link is good", r"[1-9][0-9]{0,4}", single=True),
)
