"""Guardrail: no warehouse shares its data or snapshots."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="redshift-no-sharing",
    title="no warehouse shares its data or snapshots",
    why="a data share goes on by itself",
    severity="high",
    remedy="share data sets of the lake",
    kinds=("data-management", "data-science", "development"),
    service_control=fixed(
        deny(
            (
                "redshift:AssociateDataShareConsumer",
                "redshift:AuthorizeDataShare",
                "redshift:AuthorizeEndpointAccess",
                "redshift:AuthorizeSnapshotAccess",
                "redshift:PutResourcePolicy",
            ),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
