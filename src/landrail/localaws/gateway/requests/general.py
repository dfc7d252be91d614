"""The general way from an operation to its authorizations, by AWS's published action data.

The action has the operation's name unless the service's table says otherwise; its resources are
the ARN formats of the action's resource types, filled from the parameters. A required resource that
cannot be named makes the call unresolved, save where it does not exist yet or many are asked for:
then the identifier is `*`, as AWS has it.
"""

from __future__ import annotations

from landrail.localaws.gateway.requests.arns import (
    filled,
    format_expression,
    given_arns,
    matching_arns,
    names_any,
)
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Unresolved
from landrail.policy.reference.actions import Action, find_action

_MAKES = ("Create", "Register", "Run", "Allocate", "Request", "Start", "Import", "Issue", "Copy")
_READS = ("List", "Describe", "Get", "Search", "Query", "BatchGet", "Scan")
_BY_ARN = (
    "ResourceArn",
    "ResourceARN",
    "resourceArn",
    "resourceARN",
    "ResourceId",
    "ResourceIdentifier",
)
_ACCOUNT_FIELD = 4


def general(call: Call, rules: Rules) -> list[Authorization]:
    """Return the authorizations of a call by the published data and the service's table."""
    default = (f"{rules.prefix}:{call.operation}",)
    return [
        Authorization(action_name, resource, account_of(resource, call.account))
        for name in rules.actions.get(call.operation, default)
        for action_name, action in (known(call, name),)
        for resource in targets(call, rules, action)
    ]


def known(call: Call, name: str) -> tuple[str, Action]:
    """Return an action by its full name; raises Unresolved for one that is not published."""
    prefix, _, bare = name.partition(":")
    action = find_action(prefix, bare)
    if action is None:
        raise Unresolved(call.service, call.operation, f"no published action `{name}`")
    return f"{prefix}:{action.name}", action


def account_of(resource: str, default: str) -> str:
    """Return the account in an ARN, else the default."""
    parts = resource.split(":", _ACCOUNT_FIELD + 1)
    if len(parts) > _ACCOUNT_FIELD and parts[_ACCOUNT_FIELD].isdigit():
        return parts[_ACCOUNT_FIELD]
    return default


def targets(call: Call, rules: Rules, action: Action) -> list[str]:
    """Return the resources an action is to be allowed on; `*` where it has none."""
    if not action.resources:
        return ["*"]
    given = _itself(call, rules, action)
    if given is not None:
        return [given]
    missing = dict(rules.stand_ins)
    names = {**rules.names, **rules.of.get(call.operation, {})}
    if call.operation in rules.unnamed or call.operation.startswith((*_MAKES, *_READS)):
        missing.setdefault("*", "*")
    found: list[str] = []
    lacking: str | None = None
    for kind in action.resources:
        arns = matching_arns(kind.arn, call.params)
        if not arns and kind.required:
            arns = filled(kind.arn, call, names, missing=missing, loose=True)
            lacking = lacking or (None if arns else kind.name)
        elif not arns and names_any(kind.arn, call, names):
            arns = filled(kind.arn, call, names, missing=rules.stand_ins)
        found += arns
    if not found:
        found = [a for a in given_arns(call.params) if a.split(":", 3)[2] == rules.prefix]
    if lacking and not found:
        raise Unresolved(call.service, call.operation, f"which {lacking} it is about")
    return list(dict.fromkeys(found)) or ["*"]


def _itself(call: Call, rules: Rules, action: Action) -> str | None:
    """The resource of an operation on any kind of resource, such as TagResource: it has its ARN."""
    for name in _BY_ARN:
        arn = call.params.get(name)
        if isinstance(arn, str) and arn.startswith("arn:"):
            of_kind = any(format_expression(k.arn).fullmatch(arn) for k in action.resources)
            if of_kind or arn.split(":", 3)[2] == rules.prefix:
                return arn
    return None
