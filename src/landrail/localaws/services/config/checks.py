"""Whether a rule can be put: what AWS refuses, and what the local AWS does not evaluate."""

from __future__ import annotations

import json
import re

from landrail.diagnostics import nearest
from landrail.inventory.catalogue import of_type, tables
from landrail.localaws.api import ApiError
from landrail.localaws.services.config.guard import Mistake, parse
from landrail.localaws.services.config.pages import invalid
from landrail.localaws.services.config.sources import HOURS, Document, kinds
from landrail.rules import Rule
from landrail.rules.catalogue import by_identifier

_RUNTIME = re.compile(r"guard-2\.x\.x")
_CHANGES = (
    "ConfigurationItemChangeNotification",
    "OversizedConfigurationItemChangeNotification",
)
_MOST_TYPES = 100


def check(rule: Document) -> None:
    """Raise ApiError for a rule that cannot be put."""
    source = rule["Source"]
    owner = source.get("Owner")
    if owner == "AWS":
        _managed(rule, source.get("SourceIdentifier") or "")
    elif owner == "CUSTOM_POLICY":
        _policy(rule, source)
    elif owner == "CUSTOM_LAMBDA":
        raise invalid(
            "The local AWS does not run functions for rules (Source Owner CUSTOM_LAMBDA): "
            "it evaluates AWS's managed rules and custom policy rules (CUSTOM_POLICY)."
        )
    else:
        raise _enum(owner, "source.owner", ("CUSTOM_LAMBDA", "AWS", "CUSTOM_POLICY"))
    often = rule.get("MaximumExecutionFrequency")
    if often is not None and often not in HOURS:
        raise _enum(often, "configRule.maximumExecutionFrequency", tuple(HOURS))
    _scope(rule.get("Scope") or {})


def _managed(rule: Document, identifier: str) -> None:
    known = by_identifier()
    found = known.get(identifier)
    if found is None:
        near = nearest(identifier.lower(), [name.lower() for name in known])
        hint = f" Did you mean {near.upper()}?" if near else ""
        raise invalid(f"The local AWS does not evaluate the rule {identifier}.{hint}")
    types = (rule.get("Scope") or {}).get("ComplianceResourceTypes")
    about = kinds(tables()[found.table])
    if types and not any(kind in about for kind in types):
        raise invalid(
            f"{identifier} evaluates {', '.join(about)}, which is not in the rule's scope."
        )
    _parameters(rule, found)


def _parameters(rule: Document, found: Rule) -> None:
    given = _object(rule.get("InputParameters"))
    unknown = {name: value for name, value in given.items() if name not in found.parameters}
    if unknown:
        near = nearest(next(iter(unknown)), found.parameters)
        takes = f"It takes {', '.join(found.parameters) or 'none'}."
        hint = f" Did you mean {near}?" if near else f" {takes}"
        raise invalid(
            f"Unknown parameters provided in the inputParameters: {json.dumps(unknown)}.{hint}"
        )
    blank = [name for name, value in given.items() if isinstance(value, str) and not value.strip()]
    if blank:
        raise invalid(f"Blank spaces are not acceptable for input parameter: {blank[0]}.")
    deep = [name for name, value in given.items() if isinstance(value, dict | list)]
    if deep:
        raise invalid(f"The value of the inputParameter {deep[0]} is not a plain value.")


def _object(text: str | None) -> Document:
    try:
        given = json.loads(text or "{}")
    except ValueError as error:
        raise invalid(f"InputParameters is not JSON: {error}") from error
    if not isinstance(given, dict):
        raise invalid("InputParameters is not a JSON object.")
    return given


def _policy(rule: Document, source: Document) -> None:
    if source.get("SourceIdentifier"):
        raise invalid("A custom policy rule takes no SourceIdentifier.")
    details = source.get("CustomPolicyDetails")
    if not details:
        raise invalid("A custom policy rule needs Source.CustomPolicyDetails.")
    if not _RUNTIME.fullmatch(details["PolicyRuntime"]):
        raise invalid(f"PolicyRuntime {details['PolicyRuntime']} is not guard-2.x.x.")
    triggers = source.get("SourceDetails") or ()
    if not triggers:
        raise invalid("A custom policy rule needs Source.SourceDetails.")
    for one in triggers:
        if one.get("MessageType") not in _CHANGES:
            raise invalid(
                f"A custom policy rule is evaluated on changes, not on {one.get('MessageType')}."
            )
    if _object(rule.get("InputParameters")):
        raise invalid("A custom policy rule takes no InputParameters.")
    try:
        parse(details["PolicyText"])
    except Mistake as mistake:
        raise invalid(f"PolicyText: {mistake}") from mistake
    for kind in (rule.get("Scope") or {}).get("ComplianceResourceTypes") or ():
        if of_type(kind) is None:
            raise invalid(f"The local AWS does not record {kind}.")


def _scope(scope: Document) -> None:
    types = scope.get("ComplianceResourceTypes") or ()
    if len(types) > _MOST_TYPES:
        raise invalid(f"A scope names at most {_MOST_TYPES} resource types.")
    if scope.get("ComplianceResourceId") and len(types) != 1:
        raise invalid("A scope by ComplianceResourceId names exactly one resource type.")
    if scope.get("TagValue") is not None and scope.get("TagKey") is None:
        raise invalid("A scope by TagValue needs a TagKey.")
    if scope.get("TagKey") and types:
        raise invalid("A scope is by resource types or by tag, not by both.")


def _enum(value: object, where: str, known: tuple[str, ...]) -> ApiError:
    return ApiError(
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{where}' failed to satisfy "
        f"constraint: Member must satisfy enum value set: [{', '.join(known)}]",
    )
