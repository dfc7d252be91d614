"""The roles that a call hands to a service: each needs iam:PassRole, with the service's name.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")
_NAME = re.compile(r"[\w+=,.@/-]{1,512}", re.ASCII)
_NAMED = re.compile(r"role", re.IGNORECASE)
_READS = ("List", "Describe", "Get", "BatchGet", "Search", "Delete")
# Parameters whose text is a document or free: a role named in them is not passed.
_NOT_PASSED = {"Tags", "tags", "Environment", "TemplateBody", "Parameters", "HyperParameters"}


def passed_roles(
    call: Call, rules: Rules, resource: str, lookup: Lookup
) -> Iterator[Authorization]:
    """Yield iam:PassRole for each role that a call passes; `resource` is what it is passed for."""
    service = rules.passed_to
    if service is None:
        return
    context: dict[str, ContextValue] = {"iam:PassedToService": service}
    if resource.startswith("arn:"):
        context["iam:AssociatedResourceArn"] = resource
    for role in dict.fromkeys(_roles(call, rules, lookup)):
        found = _ROLE.fullmatch(role)
        if found:
            yield Authorization("iam:PassRole", role, found.group(1), context)


def _roles(call: Call, rules: Rules, lookup: Lookup) -> Iterator[str]:
    if rules.passes:
        paths = rules.passes.get(call.operation, ())
        named = (str(v) for p in paths if (v := at_path(call.params, p)))
        for value in named:
            yield value if value.startswith("arn:") else _by_name(value, call, lookup)
    elif not call.operation.startswith(_READS):
        for value in _anywhere(call.params):
            yield value if value.startswith("arn:") else _by_name(value, call, lookup)


def _by_name(value: str, call: Call, lookup: Lookup) -> str:
    name = value.rpartition("/")[2]
    return lookup.iam_arn(call.account, "role", name) or (
        f"arn:aws:iam::{call.account}:role/{value.lstrip('/')}"
    )


def _anywhere(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner_key, inner in value.items():
            if inner_key not in _NOT_PASSED:
                yield from _anywhere(inner, str(inner_key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _anywhere(item, key)
    elif isinstance(value, str) and _is_role(key, value):
        yield value


def _is_role(key: str, value: str) -> bool:
    """Some services (Glue) take a role by its ARN or by its bare name."""
    if _ROLE.fullmatch(value):
        return bool(_NAMED.search(key))
    return key == "Role" and bool(_NAME.fullmatch(value))
