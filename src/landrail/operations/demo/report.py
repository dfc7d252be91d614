"""What the demo tells at its end, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from landrail.operations.demo.acts import Outcome
from landrail.operations.demo.rules import Broken
from landrail.resources import Account, Policy, Stack, Wanted


@dataclass(frozen=True, slots=True)
class Report:
    """The platform, the model, the acts and the time that each part took, in seconds.

    `arns` names pipelines and their executions, experiment, training job, model package, image by
    digest, endpoint and transform job, so that any client can describe them.
    """

    platform: str
    file: str
    endpoint_url: str
    accounts: int
    resources: int
    guardrails: int
    policies: int
    rules: int
    commit: str
    auc: float
    baseline: float
    flights: int
    batch_rows: int
    gate: str
    metrics: Mapping[str, float]
    approval: str
    second_apply: int
    arns: Mapping[str, str]
    acts: tuple[Outcome, ...]
    broken: tuple[Broken, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)
    fast: bool = False

    @property
    def denied(self) -> int:
        """How many acts were denied as they must be."""
        return sum(a.as_it_must for a in self.acts if a.expected == "denied")

    @property
    def allowed(self) -> int:
        """How many acts were allowed as they must be."""
        return sum(a.as_it_must for a in self.acts if a.expected == "allowed")

    @property
    def ok(self) -> bool:
        """Whether everything was as it must be."""
        return all(act.as_it_must for act in self.acts) and not self.second_apply

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        plain = asdict(self)
        plain["acts"] = [{**act.to_json(), "as_it_must": act.as_it_must} for act in self.acts]
        return {**plain, "ok": self.ok}


def counted(wanted: Wanted) -> dict[str, Any]:
    """Return what the platform is made of, in numbers, as members of a Report."""
    stacks = wanted.of_kind(Stack)
    rules = sum(
        made["Type"] == "AWS::Config::ConfigRule"
        for stack in stacks
        for made in stack.template["Resources"].values()
    )
    policies = wanted.of_kind(Policy)
    return {
        "platform": wanted.platform,
        "accounts": len(wanted.of_kind(Account)),
        "resources": sum(len(stack.template["Resources"]) for stack in stacks),
        "guardrails": len({g for p in policies for g in p.statements_from.values()}),
        "policies": len(policies),
        "rules": rules,
    }
