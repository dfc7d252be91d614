"""Guardrail: no warehouse shares its data or snapshots."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "redshift:AssociateDataShareConsumer",
                "redshift:AuthorizeDataShare",
                "redshift:AuthorizeEndpointAccess",
                "redshift:AuthorizeSnapshotAccess",
                "redshift:PutResourcePolicy",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="redshift-no-sharing",
    title="no warehouse shares its data or snapshots",
    why="a data share goes on by itself",
    severity="high",
    remedy="share data sets of the lake",
    kinds=(
        "data-management",
        "data-science",
        "development",
    ),
    service_control=_statements,
)
