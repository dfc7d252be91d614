"""The JSON form of a request with its policies, as `landrail policy evaluate` reads it.

Strict: a field that is not known, or not of its type, is an error and never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.policy.authorize import authorize
from landrail.policy.document import DocumentKind
from landrail.policy.parse import parse_document
from landrail.policy.principal_arn import ANONYMOUS, principal_from_arn
from landrail.policy.values import (
    ContextValue,
    Level,
    Policies,
    PolicyInForce,
    Principal,
    Request,
)

_LINE = (
    "id",
    "request",
    "identity_policies",
    "permission_boundary",
    "session_policies",
    "resource_policy",
    "scps",
    "rcps",
    "vpc_endpoint_policies",
    "settings",
)
_REQUEST = ("principal", "action", "resource", "resource_account", "context", "principal_tags")


def evaluate_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Decide one line; raises Mistakes where it is not understood."""
    request, policies = read_line(line)
    decision = authorize(request, policies)
    return {
        "id": line.get("id"),
        "decision": decision.outcome.value,
        "reason": decision.reason,
        "matched": [f.to_json() for f in decision.matched],
    }


def read_line(line: Mapping[str, Any]) -> tuple[Request, Policies]:
    """Read one line to a request and the policies in force; raises Mistakes."""
    _known(line, _LINE, "the line")
    request = _request(_object(line.get("request"), "request"))
    trust = request.action.lower().startswith("sts:") and ":role/" in request.resource
    return request, Policies(
        identity=_policies(line.get("identity_policies"), "identity_policies", "identity"),
        boundary=_boundary(line.get("permission_boundary")),
        session=_policies(line.get("session_policies"), "session_policies", "session"),
        resource=_resource(line.get("resource_policy"), "trust" if trust else "resource"),
        scps=_levels(line.get("scps"), "scps", "scp"),
        rcps=_levels(line.get("rcps"), "rcps", "any"),
        endpoint=_policies(line.get("vpc_endpoint_policies"), "vpc_endpoint_policies", "endpoint"),
        restrict_public=_restricts(_object(line.get("settings") or {}, "settings")),
    )


def _request(given: Mapping[str, Any]) -> Request:
    _known(given, _REQUEST, "`request`")
    tags = _object(given.get("principal_tags") or {}, "principal_tags")
    account = given.get("resource_account")
    return Request(
        principal=_principal(given.get("principal"), {str(k): str(v) for k, v in tags.items()}),
        action=_text(given.get("action"), "action"),
        resource=_text(given.get("resource"), "resource"),
        resource_account=None if account is None else _text(account, "resource_account"),
        context=_context(_object(given.get("context") or {}, "context")),
    )


def _principal(given: Any, tags: Mapping[str, str]) -> Principal:
    if isinstance(given, Mapping) and dict(given) == {"anonymous": True}:
        return ANONYMOUS
    try:
        return principal_from_arn(_text(given, "principal"), tags)
    except ValueError as error:
        raise _mistake(str(error)) from None


def _context(given: Mapping[str, Any]) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    for key, value in given.items():
        if isinstance(value, list):
            context[key] = tuple(_scalar(item, key) for item in value)
        else:
            context[key] = _scalar(value, key)
    return context


def _scalar(value: Any, key: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise _mistake(f"the context key `{key}` is neither text, number nor a list of them")


def _boundary(given: Any) -> tuple[PolicyInForce, ...] | None:
    if given is None:
        return None
    return _policies(given, "permission_boundary", "boundary")


def _resource(given: Any, kind: DocumentKind) -> PolicyInForce | None:
    if given is None:
        return None
    return PolicyInForce(parse_document(_object(given, "resource_policy"), kind=kind), "resource")


def _policies(given: Any, name: str, kind: DocumentKind) -> tuple[PolicyInForce, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _mistake(f"`{name}` is not a list of policy documents")
    return tuple(
        PolicyInForce(
            parse_document(_object(item, f"{name}[{index}]"), kind=kind), f"{name}[{index}]"
        )
        for index, item in enumerate(given)
    )


def _levels(given: Any, name: str, kind: DocumentKind) -> tuple[Level, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _mistake(f"`{name}` is not a list of levels")
    levels = []
    for index, item in enumerate(given):
        level = _object(item, f"{name}[{index}]")
        _known(level, ("id", "policies"), f"`{name}[{index}]`")
        label = str(level.get("id", index))
        policies = _policies(level.get("policies"), f"{name}.{label}", kind)
        if name == "rcps" and policies and not any(map(_allows, policies)):
            policies = (*policies, RCP_FULL_ACCESS)
        levels.append(Level(label, policies))
    return tuple(levels)


def _allows(policy: PolicyInForce) -> bool:
    return any(statement.effect == "Allow" for statement in policy.document.statements)


RCP_FULL_ACCESS = PolicyInForce(
    parse_document(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        }
    ),
    "RCPFullAWSAccess",
)
"""What AWS keeps attached wherever RCPs are: a level that lists only denials has it all the same,
because RCPs of one's own cannot allow and this one cannot be detached."""


def _restricts(settings: Mapping[str, Any]) -> bool:
    _known(settings, ("s3",), "`settings`")
    s3 = _object(settings.get("s3") or {}, "settings.s3")
    _known(s3, ("blockPublicAccess",), "`settings.s3`")
    block = _object(s3.get("blockPublicAccess") or {}, "settings.s3.blockPublicAccess")
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    _known(block, names, "`settings.s3.blockPublicAccess`")
    return block.get("RestrictPublicBuckets") is True


def _object(given: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _mistake(f"`{name}` is not an object")
    return given


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str) or not given:
        raise _mistake(f"`{name}` is not text")
    return given


def _known(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in names:
            near = nearest(str(key), names)
            raise _mistake(
                f"unknown key `{key}` in {where}", f"did you mean `{near}`?" if near else None
            )


def _mistake(summary: str, remedy: str | None = None) -> Mistakes:
    return Mistakes([Diagnostic(summary, remedy)])
