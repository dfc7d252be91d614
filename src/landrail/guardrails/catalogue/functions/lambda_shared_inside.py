"""Guardrail: functions are called by principals that are named."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.actions import carrying
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always

_MADE = ("AddPermission",)

GUARDRAIL = Guardrail(
    id="lambda-shared-inside",
    title="functions are called by principals that are named",
    why="a function acts with the rights of its role for whoever calls",
    severity="high",
    remedy="name the account or the service, and its source",
    frameworks=Frameworks(
        control_tower=("AWS-GR_LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",),
        security_hub=("Lambda.1",),
        conformance_packs=("ct-detective",),
    ),
    service_control=Holding(
        key="lambda:Principal",
        must=always(must.not_one_of("*")),
        apart={
            name: "takes no principal"
            for name in carrying("lambda", "lambda:Principal")
            if name not in _MADE
        },
    ),
    proactive=(templates.is_not("AWS::Lambda::Permission", "Principal", "*"),),
    detective=(
        Detective("lambda-function-public-access-prohibited"),
        Detective("lambda-function-open-outside"),
    ),
)
