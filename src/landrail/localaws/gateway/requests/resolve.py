"""From an operation to all that must be allowed for it.

Unknown is refused: a service or operation of which it is not known what it needs raises
`Unresolved`, and the gateway denies the call as a gap of the local AWS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from landrail.localaws.gateway.requests.create_tags import tagging
from landrail.localaws.gateway.requests.general import general, known
from landrail.localaws.gateway.requests.pass_role import passed_roles
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.tables import RULES
from landrail.localaws.gateway.requests.tags import tag_context
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)
from landrail.localaws.store import operation_names


def resolve(
    service: str,
    operation: str,
    params: Mapping[str, Any],
    account: str,
    region: str,
    lookup: Lookup,
    *,
    caller_arn: str = "",
) -> tuple[Authorization, ...]:
    """Return every authorization a call needs; raises Unresolved.

    `service` and `operation` are botocore's names, `account` the caller's. The first
    authorization is the operation's own; those that follow are roles passed, tags, and what
    services ask in the caller's name (their `via`).
    """
    if operation not in operation_names(service):
        raise Unresolved(service, operation, "the operation is not known")
    rules = RULES.get(service) or Rules(service)
    if operation in rules.gaps:
        raise Unresolved(service, operation, "no rule for this operation")
    call = Call(service, operation, params, account, region, caller_arn)
    owner = params.get(rules.owner) if rules.owner else None
    acting = replace(call, account=str(owner)) if owner and str(owner).isdigit() else call
    custom = rules.custom.get(operation, rules.every)
    own = list(custom(acting, lookup) if custom else general(acting, rules))
    own += tagging(call, own, rules)
    shared = {**tag_context(params), **rules.keys(call)}
    found = own
    if shared or rules.each is not None:
        found = [
            a
            if a.via is not None
            else replace(a, context={**shared, **_each(a, call, lookup, rules)})
            for a in own
        ]
    also = rules.also.get(operation, rules.always)
    if also is not None:
        found += [
            a if a.action == "iam:PassRole" else replace(a, context={**shared, **a.context})
            for a in also(call, lookup)
        ]
    if rules.used_keys is not None:
        found += rules.used_keys(call, found, lookup)
    found += passed_roles(call, rules, found[0].resource if found else "*", lookup)
    for authorization in found:
        known(call, authorization.action)
    return _unique(found)


def _each(
    needed: Authorization, call: Call, lookup: Lookup, rules: Rules
) -> Mapping[str, ContextValue]:
    if rules.each is None:
        return needed.context
    return {**rules.each(call, needed, lookup), **needed.context}


def _unique(found: list[Authorization]) -> tuple[Authorization, ...]:
    """Each once, in their order. Only those about the same are held against each other: a request
    may have a thousand parts."""
    kept: list[Authorization] = []
    about: dict[tuple[str, str, str | None], list[Authorization]] = {}
    for authorization in found:
        place = (authorization.action, authorization.resource, authorization.part)
        alike = about.setdefault(place, [])
        if authorization not in alike:
            alike.append(authorization)
            kept.append(authorization)
    return tuple(kept)
