"""The check of one call: its policy's text, then what the service looks up."""

from __future__ import annotations

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.gateway.storing import lockout, quotas, services
from landrail.localaws.gateway.storing.principals import unknown_principal
from landrail.localaws.gateway.storing.table import (
    CONTENT,
    ORGANIZATION_KINDS,
    PLACES,
    Place,
)
from landrail.localaws.gateway.storing.words import IAM_TRUST, ORGANIZATIONS, PRINCIPAL
from landrail.localaws.store import StoreSources
from landrail.policy import parse_document
from landrail.policy.lint import errors, sizes


def check(call: ApiCall, sources: StoreSources) -> None:
    """Refuse a call whose policy AWS would not keep; raises ApiError in the service's words."""
    quotas.check(call, sources)
    place = _place(call, sources)
    text = place.find(call.params) if place is not None else None
    if place is None or text is None:
        return
    found = errors(text, place.kind, size_limit=place.limit)
    if found:
        worst = min(found, key=lambda f: (f.lint.id == "too-large", f.position))
        raise services.particular(worst, place) or place.words.of(worst, place.limit)
    document = parse_document(text, kind=place.kind)
    bare = next((s for s in document.statements if s.resources is None), None)
    if place.needs_resource and bare is not None:
        raise place.words.refusal(
            "missing-resource", f"statement {bare.number} names no resource", place.limit
        )
    if place.knows_principals:
        unknown = unknown_principal(document, sources)
        if unknown is not None:
            raise _unknown(place, *unknown)
    services.check(call, text, document, place)
    lockout.check(call, document, place)


def _place(call: ApiCall, sources: StoreSources) -> Place | None:
    if call.service != "organizations" or call.operation not in ("CreatePolicy", "UpdatePolicy"):
        return PLACES.get((call.service, call.operation))
    kept_as = call.params.get("Type")
    if call.operation == "UpdatePolicy":
        kept_as = sources.organization_policy_type(str(call.params.get("PolicyId")))
    kind = ORGANIZATION_KINDS.get(str(kept_as).upper())
    if kind is None:
        return None
    return Place(CONTENT, kind, ORGANIZATIONS, sizes.SCP if kind == "scp" else sizes.RCP)


def _unknown(place: Place, kind: str, name: str) -> ApiError:
    if place.words is IAM_TRUST:
        return ApiError(
            "MalformedPolicyDocument", f'Invalid principal in policy: "{kind}":"{name}"'
        )
    return place.words.refusal(PRINCIPAL, f"there is no principal `{name}`", place.limit)
