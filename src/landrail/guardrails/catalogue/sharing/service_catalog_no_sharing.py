"""Guardrail: no portfolio of products is shared outside."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="service-catalog-no-sharing",
    title="no portfolio of products is shared outside",
    why="a product is made with the rights of its launch role",
    severity="medium",
    remedy="share through the platform's catalog",
    kinds=("shared-services", "data-science", "development"),
    service_control=fixed(
        deny(
            (
                "servicecatalog:AcceptPortfolioShare",
                "servicecatalog:CreatePortfolioShare",
                "servicecatalog:UpdatePortfolioShare",
            ),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
