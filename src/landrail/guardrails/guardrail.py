"""What a guardrail is: a condition to hold, and the forms that keep it.

*Preventive*: statements for service control policies (what our principals may do) or resource
control policies (what may be done to our resources), or an organization policy of another type.
*Proactive*: checks of the CloudFormation templates that a plan would deploy. *Detective*: rules
over what is there. A guardrail says what must hold and where; the compiler packs the statements
into policies and the rules into stacks. Values only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from landrail.guardrails.statements import Statement, exempting

Severity = Literal["critical", "high", "medium", "low"]

EVERYWHERE = ("root",)
"""The root of the organization: every member account, from its first minute."""

SUSPENDED = "suspended"
"""Not a kind of the file: accounts that were taken out of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What guardrails know of the platform: what its buckets' names begin with, its region, the
    kind of account that statements are wanted for (or `root`), and what the file says to a
    guardrail with options: for each its values by kind, or for every kind under `root`. `powers`
    are roles of others that govern the accounts too, exempt as the platform is."""

    prefix: str
    region: str
    kind: str = "root"
    options: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    powers: tuple[str, ...] = ()

    def buckets(self, purpose: str = "*") -> str:
        """Return the pattern of the ARNs of the platform's buckets."""
        return f"arn:aws:s3:::{self.prefix}-{purpose}"

    def option(self, guardrail: str) -> tuple[str, ...]:
        """Return what the file says to a guardrail for this kind of account, or nothing."""
        said = self.options.get(guardrail, {})
        return said.get(self.kind) or said.get("root") or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frameworks:
    """What the guardrail is called elsewhere."""

    control_tower: tuple[str, ...] = ()
    security_hub: tuple[str, ...] = ()
    conformance_packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detective:
    """A rule of `landrail.rules`, by its name, with parameters of its own where it needs them;
    `from_file` is the parameter that takes the values that the file gives to the guardrail."""

    rule: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    from_file: str | None = None

    def asked(self, values: tuple[str, ...]) -> Mapping[str, str]:
        """Return the parameters, with what the file says; AWS's lists are divided by commas."""
        if self.from_file is None or not values:
            return self.parameters
        return {**self.parameters, self.from_file: ",".join(values)}


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """A check of one resource in a template: from its properties to what is wrong, or None. A
    property whose value is known only in AWS (`Ref`, `Fn::GetAtt`) is a mapping, not a value."""

    resource_type: str
    wrong: Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """A policy of Organizations that is no SCP or RCP: its type (`S3_POLICY`,
    `DECLARATIVE_POLICY_EC2`) and content."""

    type: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """What the file may say to a guardrail: `about` in words, and the expression that each value
    fits wholly; `names` is what a value must be the name of beyond its form, `single` whether one
    value is all that there can be."""

    about: str
    fits: str
    names: Literal["region", "network"] | None = None
    single: bool = False


Statements = Callable[[Facts], tuple[Statement, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """A condition to hold. `title` says what holds, `why` what happens where it does not; `kinds`
    are the kinds of accounts that it is for, or `EVERYWHERE`; `remedy` says what to do instead;
    `owner` is the role that answers for it; `recommended` whether a file gets it unasked; `option`
    what values the file may give it; `unheld` are actions that no statement can hold, each with the
    reason, where that is the guardrail's and not a key's."""

    id: str
    title: str
    why: str
    severity: Severity
    remedy: str
    kinds: tuple[str, ...] = EVERYWHERE
    frameworks: Frameworks = Frameworks()
    service_control: Statements | None = None
    resource_control: Statements | None = None
    organization_policy: OrganizationPolicy | None = None
    proactive: tuple[TemplateCheck, ...] = ()
    detective: tuple[Detective, ...] = ()
    owner: str = "security"
    recommended: bool = True
    option: Option | None = None
    unheld: Mapping[str, str] = field(default_factory=dict)

    def statements(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements for SCPs, each with a Sid that names the guardrail."""
        made = self.service_control(facts) if self.service_control else ()
        return self._named(exempting(made, facts.powers))

    def resource_statements(self, facts: Facts) -> tuple[Statement, ...]:
        """Return the statements for RCPs, each with a Sid that names the guardrail."""
        made = self.resource_control(facts) if self.resource_control else ()
        return self._named(exempting(made, facts.powers))

    def _named(self, made: tuple[Statement, ...]) -> tuple[Statement, ...]:
        word = "".join(part.capitalize() for part in self.id.split("-"))
        several = len(made) > 1
        return tuple(
            {"Sid": f"{word}{number}" if several else word, **statement}
            for number, statement in enumerate(made, 1)
        )
