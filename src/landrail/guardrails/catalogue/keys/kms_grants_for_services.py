"""Guardrail: keys are granted to AWS's services alone."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM

GUARDRAIL = Guardrail(
    id="kms-grants-for-services",
    title="keys are granted to AWS's services alone",
    why="a grant stands in no policy, and works for whoever it names",
    severity="high",
    remedy="allow the key in a policy",
    service_control=Holding(
        key="kms:GrantIsForAWSResource",
        must=always(must.true()),
        unless=BREAK_GLASS_AND_PLATFORM,
        apart={"ListGrants": "tells what is granted", "RevokeGrant": "takes back what is granted"},
    ),
)
