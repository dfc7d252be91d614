"""The JSON form of a request with its policies, as `landrail policy evaluate` reads it.

Strict: a field that is not known, or not of its type, is an error and never a guess.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.policy import line_fields as fields
from landrail.policy.acl import acl_document
from landrail.policy.authorize import authorize
from landrail.policy.document import Document, DocumentKind
from landrail.policy.line_fields import a_list, an_object, known, mistake, text
from landrail.policy.line_settings import Settings, settings
from landrail.policy.parse import parse_document
from landrail.policy.principal_arn import ANONYMOUS, PROVIDERS, principal_from_arn
from landrail.policy.reference.actions import find_action
from landrail.policy.values import Level, Policies, PolicyInForce, Principal, Request

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
_TAG = "aws:principaltag/"
_MOST_DIGITS = 4_000
"""Python converts no integer much longer than this."""


def evaluate_text(line: str | bytes) -> dict[str, Any]:
    """Decide one line as text; one that is not understood gives `{"id", "error"}`."""
    twice: list[str] = []
    try:
        found = json.loads(
            line,
            object_pairs_hook=_noting(twice),
            parse_constant=_no_constant,
            parse_int=_integer,
        )
    except RecursionError:
        return _error(None, "the line is nested too deeply")
    except json.JSONDecodeError as error:
        said = f"the line is not valid JSON at character {error.pos + 1}: {error.msg}"
        return _error(None, said)
    except ValueError as error:
        return _error(None, f"the line is not valid JSON: {error}")
    if twice:
        # Which of the two was meant is a guess, so nothing is decided; nor whose line it is.
        known_id = None if "id" in twice else found
        return _error(known_id, f"the key `{twice[0]}` stands twice in one object")
    try:
        return evaluate_line(an_object(found, "the line"))
    except Mistakes as error:
        return _error(found, "; ".join(_sentence(d) for d in error.diagnostics))


def _error(found: Any, message: str) -> dict[str, Any]:
    return {"id": found.get("id") if isinstance(found, Mapping) else None, "error": message}


def _sentence(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.summary}{f' ({diagnostic.remedy})' if diagnostic.remedy else ''}"


def _noting(twice: list[str]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in result if names.count(name) > 1)
        return result

    return unique


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def evaluate_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Decide one line; raises Mistakes where it is not understood."""
    request, policies = read_line(line)
    decision = authorize(request, policies)
    if decision.allowed and _has_no_resource(request):
        decision = authorize(replace(request, resource="*"), policies)
    return {
        "id": line.get("id"),
        "decision": decision.outcome.value,
        "reason": decision.reason,
        "matched": [f.to_json() for f in decision.matched],
    }


def _has_no_resource(request: Request) -> bool:
    """Whether a resource is named for an action that has none: no pattern but `*` allows it. A
    resource with a star in it says as much as `*`."""
    if "*" in request.resource:
        return False
    prefix, _, name = request.action.partition(":")
    found = find_action(prefix.lower(), name)
    return found is not None and not found.resources


def read_line(line: Mapping[str, Any]) -> tuple[Request, Policies]:
    """Read one line to a request and the policies in force; raises Mistakes."""
    known(line, _LINE, "the line")
    request = _request(an_object(line.get("request"), "request"))
    beside = settings(line.get("settings"), request.resource)
    return request, Policies(
        identity=_policies(line.get("identity_policies"), "identity_policies", "identity"),
        boundary=_boundary(line.get("permission_boundary")),
        session=_policies(line.get("session_policies"), "session_policies", "session"),
        resource=_resource(line.get("resource_policy"), request),
        scps=_levels(line.get("scps"), "scps", "scp"),
        rcps=_levels(line.get("rcps"), "rcps", "any"),
        endpoint=_policies(line.get("vpc_endpoint_policies"), "vpc_endpoint_policies", "any"),
        acl=_acl_of(request, beside),
        grants=beside.grants,
        restrict_public=beside.restrict_public,
        block_public_acls=beside.block_acls,
    )


def _request(given: Mapping[str, Any]) -> Request:
    known(given, _REQUEST, "`request`")
    context = fields.context(_or_empty(given.get("context")))
    tags = fields.tags(_or_empty(given.get("principal_tags")))
    lowered = {key.lower(): value for key, value in context.items()}
    for name, value in tags.items():
        if lowered.get(_TAG + name.lower(), value) != value:
            raise mistake(f"`context` and `principal_tags` give the tag `{name}` two values")
    action = fields.action(given.get("action"))
    principal = _principal(given.get("principal"), tags)
    if principal.arn in PROVIDERS and action.lower() == "sts:assumerolewithwebidentity":
        principal = replace(principal, kind="web")
    return Request(
        principal=_with_id(
            _with_path(principal, lowered.get("aws:principalarn")), lowered.get("aws:userid")
        ),
        action=action,
        resource=fields.resource(given.get("resource")),
        resource_account=fields.account(given.get("resource_account")),
        context=context,
    )


def _or_empty(given: Any) -> Any:
    return {} if given is None else given


def _principal(given: Any, tags: Mapping[str, str]) -> Principal:
    if isinstance(given, Mapping) and dict(given) == {"anonymous": True}:
        return ANONYMOUS
    try:
        return principal_from_arn(text(given, "principal"), tags)
    except ValueError as error:
        raise mistake(str(error)) from None


def _with_path(principal: Principal, said: Any) -> Principal:
    """A session's ARN does not show the path of its role; the ARN in the context does."""
    if principal.path_known or principal.role_arn is None or not isinstance(said, str):
        return principal
    head, _, name = principal.role_arn.partition(":role/")
    if said.startswith(f"{head}:role/") and said.rpartition("/")[2] == name:
        return replace(principal, role_arn=said, path_known=True)
    return principal


def _with_id(principal: Principal, said: Any) -> Principal:
    """The unique id of the user or role, by which a policy may name it."""
    if principal.kind in ("user", "session") and isinstance(said, str):
        return replace(principal, user_id=said)
    return principal


def _boundary(given: Any) -> tuple[PolicyInForce, ...] | None:
    if given is None:
        return None
    return _policies(given, "permission_boundary", "boundary")


def _resource(given: Any, request: Request) -> PolicyInForce | None:
    if given is None:
        return None
    document = parse_document(an_object(given, "resource_policy"), kind="resource")
    if request.action.lower().startswith("sts:") and ":role/" in request.resource:
        _check_trust(document)
    elif request.action.lower().partition(":")[0] in _WITH_RESOURCE:
        _check_resources(document)
    return PolicyInForce(document, "resource")


_WITH_RESOURCE = ("kms", "lambda", "s3", "secretsmanager", "sns", "sqs")
"""The services that store no resource policy without `Resource`; others, such as ECR, do."""


def _check_resources(document: Document) -> None:
    for statement in document.statements:
        if statement.resources is None:
            raise mistake(f"`Statement[{statement.number}]` has no `Resource`", "add `Resource`")


def _acl_of(request: Request, beside: Settings) -> PolicyInForce | None:
    if not request.resource.startswith("arn:") or request.resource.split(":")[2] != "s3":
        return None
    document = acl_document(request.resource, beside.acl, ignore_public=beside.ignore_public_acls)
    return None if document is None else PolicyInForce(document, "acl")


def _check_trust(document: Document) -> None:
    """A trust policy is read as the resource policy that it is, with a `Resource` if it has one."""
    if any(statement.not_principal for statement in document.statements):
        raise mistake("`NotPrincipal` is not allowed in a trust policy")


def _policies(given: Any, name: str, kind: DocumentKind) -> tuple[PolicyInForce, ...]:
    if given is None:
        return ()
    return tuple(
        PolicyInForce(
            parse_document(an_object(item, f"{name}[{index}]"), kind=kind), f"{name}[{index}]"
        )
        for index, item in enumerate(a_list(given, name, "policy documents"))
    )


def _levels(given: Any, name: str, kind: DocumentKind) -> tuple[Level, ...]:
    if given is None:
        return ()
    levels = []
    for index, item in enumerate(a_list(given, name, "levels")):
        level = an_object(item, f"{name}[{index}]")
        known(level, ("id", "policies"), f"`{name}[{index}]`")
        if "policies" not in level:
            raise mistake(f"`{name}[{index}]` has no `policies`", "write [] where it has none")
        label = str(level.get("id", index))
        listed = a_list(level["policies"], f"{name}.{label}", "policy documents")
        policies = _policies(listed, f"{name}.{label}", kind)
        if name == "rcps" and policies and not any(map(_allows, policies)):
            policies = (*policies, _RCP_FULL_ACCESS)
        levels.append(Level(label, policies))
    return tuple(levels)


def _allows(policy: PolicyInForce) -> bool:
    return any(statement.effect == "Allow" for statement in policy.document.statements)


_EVERYTHING = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_RCP_FULL_ACCESS = PolicyInForce(
    parse_document({"Version": "2012-10-17", "Statement": _EVERYTHING}), "RCPFullAWSAccess"
)
"""What AWS keeps attached wherever RCPs are: a level that lists only denials has it all the same,
because RCPs of one's own cannot allow and this one cannot be detached."""
