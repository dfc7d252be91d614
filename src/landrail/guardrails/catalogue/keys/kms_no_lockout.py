"""Guardrail: nobody makes a key that its account cannot manage."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, ToEverybody, always

GUARDRAIL = Guardrail(
    id="kms-no-lockout",
    title="nobody makes a key that its account cannot manage",
    why="what such a key encrypts, its maker alone reads",
    severity="high",
    remedy="leave BypassPolicyLockoutSafetyCheck out",
    resource_control=ToEverybody(
        Holding(
            key="kms:BypassPolicyLockoutSafetyCheck",
            must=always(must.not_true()),
            unless=(),
        )
    ),
    proactive=(templates.is_not("AWS::KMS::Key", "BypassPolicyLockoutSafetyCheck", True),),
)
