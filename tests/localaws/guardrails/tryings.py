"""What there is to try of SageMaker's guardrails: every action under every key that one holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from guardrail_requests import NOTHING, Request, least, place, right

from landrail.guardrails import Facts, Guardrail
from landrail.guardrails.all import guardrails
from landrail.guardrails.holding import Holding, parts_of

_OPTIONS = {
    "instance-types": ("ml.m5.*", "ml.t3.*"),
    "sagemaker-max-runtime": ("3600",),
    "sagemaker-max-keep-alive": ("600",),
    "sagemaker-allowed-subnets": ("subnet-11111111",),
    "sagemaker-allowed-security-groups": ("sg-11111111",),
    "sagemaker-studio-images": (
        "arn:aws:sagemaker:*:111122223333:image/approved",
        "arn:aws:sagemaker:*:111122223333:image-version/approved/*",
    ),
    "sagemaker-lifecycle-configs": (
        "arn:aws:sagemaker:*:*:notebook-instance-lifecycle-config/approved",
        "arn:aws:sagemaker:*:111122223333:studio-lifecycle-config/approved",
    ),
}
FACTS = Facts(
    "acme-ml", "eu-west-1", "data-science", {name: {"root": v} for name, v in _OPTIONS.items()}
)
HOLDING = {
    one.id: one
    for one in guardrails().values()
    if any(p.service == "sagemaker" for p in parts_of(one.service_control))
}
GROUPS = {"recommended": True, "chosen": False}


@dataclass(frozen=True)
class Trying:
    """One action under one key of a guardrail."""

    guardrail: Guardrail
    part: Holding
    action: str

    @property
    def name(self) -> str:
        return f"{self.guardrail.id}-{self.part.key.rpartition(':')[2]}-{self.action}"


TRYINGS = [
    Trying(guardrail, part, action)
    for guardrail in HOLDING.values()
    for part in parts_of(guardrail.service_control)
    for action in part.held
]


def statements_of(group: str) -> list[Any]:
    chosen = [one for one in HOLDING.values() if one.recommended == GROUPS[group]]
    return [statement for one in chosen for statement in one.statements(FACTS)]


@cache
def compliant(action: str) -> Request:
    """A request that meets whatever guardrail there is for its action."""
    request = least(action)
    for trying in TRYINGS:
        if trying.action == action:
            path = place(request, trying.part.key)
            value = right(trying.part.key, path) if path else NOTHING
            request = request.having(path, value) if path and value is not NOTHING else request
    return request
