"""Guardrail: only the platform and data engineers change the catalog of data sets."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role
from landrail.guardrails.statements import Statement, deny

_LAKE = ("arn:aws:glue:*:*:database/lake", "arn:aws:glue:*:*:table/lake/*")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    changes = set(writes_on("glue", "database")) | set(writes_on("glue", "table"))
    makers = (role(PLATFORM), role(BREAK_GLASS))
    shares = ("glue:DeleteResourcePolicy", "glue:PutResourcePolicy")
    return (
        deny(
            patterns("glue", tuple(sorted(changes))),
            _LAKE,
            unless=(*makers, role("data-engineer-*")),
        ),
        deny(shares, unless=makers),
    )


GUARDRAIL = Guardrail(
    id="protect-catalog",
    title="only the platform and data engineers change the catalog of data sets",
    why="a grant in Lake Formation or Glue opens data past the bucket's policy",
    severity="high",
    remedy="make a database of your own",
    kinds=("data-management",),
    service_control=_statements,
)
