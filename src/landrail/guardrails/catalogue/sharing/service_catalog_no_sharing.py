"""Guardrail: no portfolio of products is shared outside."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "servicecatalog:AcceptPortfolioShare",
                "servicecatalog:CreatePortfolioShare",
                "servicecatalog:UpdatePortfolioShare",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="service-catalog-no-sharing",
    title="no portfolio of products is shared outside",
    why="a product is made with the rights of its launch role",
    severity="medium",
    remedy="share through the platform's catalog",
    kinds=(
        "shared-services",
        "data-science",
        "development",
    ),
    service_control=_statements,
)
