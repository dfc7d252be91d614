"""Guardrail: jobs of Glue run in a VPC."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="glue-in-vpc",
    title="jobs of Glue run in a VPC",
    why="a job outside of one reaches the whole internet",
    severity="medium",
    remedy="give the job a connection to a subnet",
    service_control=Holding(
        key="glue:VpcIds",
        must=always(must.given()),
        apart={"UpdateJob": "changes what has one"},
    ),
    recommended=False,
)
