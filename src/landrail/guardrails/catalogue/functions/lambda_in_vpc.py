"""Guardrail: functions run in a VPC."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="lambda-in-vpc",
    title="functions run in a VPC",
    why="a function outside of one reaches the whole internet",
    severity="medium",
    remedy="give the function a VpcConfig",
    service_control=Holding(
        key="lambda:VpcIds",
        must=always(must.given()),
        apart={
            "UpdateFunctionConfiguration": "changes what has one, and says so only if it changes"
        },
    ),
    proactive=(templates.given("AWS::Lambda::Function", "VpcConfig.SubnetIds"),),
    detective=(Detective("lambda-inside-vpc"),),
    recommended=False,
)
