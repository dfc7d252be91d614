"""Guardrail: nobody changes how the catalog and jobs are encrypted."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="glue-protect-encryption",
    title="nobody changes how the catalog and jobs are encrypted",
    why="the catalog knows where everything is, and connections keep passwords",
    severity="medium",
    remedy="change the file and apply it",
    kinds=("data-management", "data-science", "development"),
    service_control=fixed(
        deny(
            ("glue:DeleteSecurityConfiguration", "glue:PutDataCatalogEncryptionSettings"),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
