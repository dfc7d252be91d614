"""Guardrail: addresses of functions ask for a signature."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.actions import carrying
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always

_MADE = ("AddPermission", "CreateFunctionUrlConfig", "UpdateFunctionUrlConfig")
_ELSE = "opens nothing"

GUARDRAIL = Guardrail(
    id="lambda-no-public-urls",
    title="addresses of functions ask for a signature",
    why="an address without one is called by everybody",
    severity="critical",
    remedy="set AuthType to AWS_IAM",
    service_control=Holding(
        key="lambda:FunctionUrlAuthType",
        must=always(must.not_one_of("NONE")),
        apart={
            name: _ELSE
            for name in carrying("lambda", "lambda:FunctionUrlAuthType")
            if name not in _MADE
        },
    ),
    proactive=(templates.is_not("AWS::Lambda::Url", "AuthType", "NONE"),),
    detective=(Detective("lambda-function-url-signed"),),
)
