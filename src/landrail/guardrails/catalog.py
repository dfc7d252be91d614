"""Guardrail: the catalog says where data sets are; the platform and data engineers write it."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

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
    name="protect-catalog",
    summary="only the platform and data engineers change the catalog of data sets",
    remedy="make a database of your own",
    scopes=("Data",),
    preventive=_statements,
)
