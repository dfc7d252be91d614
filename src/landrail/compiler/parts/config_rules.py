"""Config rules of the guardrails in force in an account: managed ones with their parameters, and
policy rules. A rule that Config cannot evaluate is the audit's alone, and not here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.compiler import names
from landrail.compiler.guardrails.choosing import Chosen
from landrail.compiler.parts.templates import Resources, resource
from landrail.guardrails import Guardrail
from landrail.inventory.catalogue import tables
from landrail.inventory.unnamed import UNNAMED
from landrail.rules import Rule
from landrail.rules.catalogue import rules
from landrail.spec import AccountMade

_RUNTIME = "guard-2.x.x"
_DESCRIPTION = 256


@dataclass(frozen=True, slots=True)
class Detected:
    """A rule as an account gets it, and the guardrail that it is of."""

    name: str
    rule: Rule
    guardrail: Guardrail
    parameters: Mapping[str, str]

    @property
    def types(self) -> tuple[str, ...]:
        """The resource types whose changes have it evaluated."""
        table = tables()[self.rule.table]
        return (table.resource_type, *table.also) if "change" in self.rule.triggers else ()


def detected(choice: Chosen, account: AccountMade) -> tuple[Detected, ...]:
    """Return the rules of an account. One that two guardrails want alike is there once; where they
    want it otherwise, the second bears the guardrail's name too."""
    found: dict[str, Detected] = {}
    for one in _wanted(choice, account):
        same = found.get(one.name)
        if same is None:
            found[one.name] = one
        elif same.parameters != one.parameters:
            name = names.shorten(f"{one.name}-{one.guardrail.id}", 128)
            found[name] = Detected(name, one.rule, one.guardrail, one.parameters)
    return tuple(found.values())


def _wanted(choice: Chosen, account: AccountMade) -> Iterator[Detected]:
    for guardrail, _ in choice.in_force(account.kind, account.ou):
        values = choice.facts_for(account.kind).option(guardrail.id)
        for detective in guardrail.detective:
            rule = rules()[detective.rule]
            if not rule.audit_only:
                asked = {**rule.parameters, **detective.asked(values)}
                given = {name: value for name, value in asked.items() if value.strip()}
                yield Detected(rule.name, rule, guardrail, given)


def continuous(found: Sequence[Detected]) -> list[str]:
    """Return the types that are to be recorded at once, as rules wait for their changes."""
    return sorted({kind for one in found for kind in one.types} - UNNAMED)


def resources(found: Sequence[Detected], after: Sequence[str] = ()) -> Resources:
    """Return the rules by their logical ids."""
    return {
        names.logical_id("rule", one.name): resource(
            "AWS::Config::ConfigRule", _properties(one), after=after
        )
        for one in found
    }


def _properties(one: Detected) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "ConfigRuleName": one.name,
        "Description": f"Guardrail {one.guardrail.id}: {one.guardrail.title}"[:_DESCRIPTION],
        "Source": _source(one),
    }
    types = [kind for kind in one.types if not kind.startswith("AWS::::")]
    if types:
        properties["Scope"] = {"ComplianceResourceTypes": types}
    if one.parameters and one.rule.identifier is not None:
        properties["InputParameters"] = dict(sorted(one.parameters.items()))
    return properties


def _source(one: Detected) -> dict[str, Any]:
    if one.rule.identifier is not None:
        return {"Owner": "AWS", "SourceIdentifier": one.rule.identifier}
    return {
        "Owner": "CUSTOM_POLICY",
        "CustomPolicyDetails": {
            "EnableDebugLogDelivery": False,
            "PolicyRuntime": _RUNTIME,
            "PolicyText": one.rule.policy(one.parameters),
        },
        "SourceDetails": [
            {
                "EventSource": "aws.config",
                "MessageType": "ConfigurationItemChangeNotification",
            }
        ],
    }
