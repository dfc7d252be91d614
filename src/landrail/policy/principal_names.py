"""What a policy may write for a principal, of each type. Whom it means is in `principals`."""

from __future__ import annotations

import re

from landrail.diagnostics import nearest
from landrail.policy.document import PrincipalType

PRINCIPAL_TYPES: dict[str, PrincipalType] = {
    "AWS": "AWS",
    "Service": "Service",
    "Federated": "Federated",
    "CanonicalUser": "CanonicalUser",
}
_AWS = (
    re.compile(r"\*\Z"),
    re.compile(r"\d{12}\Z"),
    re.compile(
        r"arn:aws[a-z-]*:(iam::\d{12}:(root|(user|role)/[^*?]+)"
        r"|sts::\d{12}:(assumed-role|federated-user)/[^*?]+)\Z"
    ),
    re.compile(
        r"arn:aws[a-z-]*:iam::cloudfront:user/CloudFront Origin Access Identity [A-Z0-9]+\Z"
    ),
    re.compile(r"A(ROA|IDA|GPA|NPA|NVA|SIA)[A-Z0-9]{4,}\Z"),
)
_SERVICE = re.compile(r"[A-Za-z0-9_.-]+\.amazonaws\.com(\.cn)?\Z|[a-z0-9-]+\.amazon\.com\Z")


def names_somebody(kind: str, text: str) -> bool:
    """Say whether a text can be a principal of a type: wildcards stand alone or not at all."""
    if kind == "AWS":
        return any(pattern.match(text) for pattern in _AWS)
    if kind == "Service":
        return _SERVICE.match(text) is not None
    return bool(text) and "*" not in text


def type_meant(written: str) -> str:
    """Return what to say of a type that there is not."""
    by_lower = {name.lower(): name for name in PRINCIPAL_TYPES}
    near = nearest(written, by_lower)
    if near is None:
        return f"known: {', '.join(PRINCIPAL_TYPES)}"
    return f"did you mean `{by_lower[near]}`?"
