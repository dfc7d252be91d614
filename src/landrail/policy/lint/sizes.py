"""How large a policy may be, by what it is for.

Sources, 2026: "IAM and AWS STS quotas" (white space not counted), "Quotas for Organizations"
(characters as stored), the user guides of S3, KMS, VPC and of each service with policies of its
resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.policy.lint.finding import Found
from landrail.policy.lint.subject import Subject

MANAGED, ROLE_INLINE, USER_INLINE, GROUP_INLINE = 6_144, 10_240, 2_048, 5_120
TRUST, TRUST_AT_MOST = 2_048, 4_096
SCP, RCP, SESSION, ENDPOINT = 10_240, 5_120, 2_048, 20_480
BUCKET, KEY = 20_480, 32_768

_LIMITS = {
    "identity": ROLE_INLINE,
    "boundary": MANAGED,
    "trust": TRUST_AT_MOST,
    "session": SESSION,
    "scp": SCP,
    "rcp": RCP,
    "endpoint": ENDPOINT,
}
_USUAL = {"identity": MANAGED, "trust": TRUST}
_WITHOUT_SPACE = frozenset({"identity", "boundary", "trust"})
_SPACE = re.compile(r"[ \t\r\n]+")
_OF_SERVICE = {"s3": BUCKET, "kms": KEY, "secretsmanager": 20_480, "lambda": 20_480, "ecr": 10_240}


def measured(text: str, kind: str) -> int:
    """Return the size that AWS counts: characters, without white space where IAM keeps them; bytes
    in policies of resources."""
    if kind in _WITHOUT_SPACE:
        return len(_SPACE.sub("", text))
    return len(text.encode()) if kind == "resource" else len(text)


def too_large(subject: Subject) -> Iterator[Found]:
    """A policy that is larger than AWS stores."""
    limit = subject.size_limit or _limit(subject)
    size = measured(subject.text, subject.kind)
    if limit is not None and size > limit:
        unit = "bytes" if subject.kind == "resource" else "characters"
        spaces = " without white space" if subject.kind in _WITHOUT_SPACE else ""
        yield Found(
            0,
            f"the policy has {size:,} {unit}{spaces}, {limit:,} at most",
            "say less, or divide it",
        )


def larger_than_usual(subject: Subject) -> Iterator[Found]:
    """A policy that fits only in some places: inline in a role, or under a raised quota."""
    usual = _USUAL.get(subject.kind)
    size = measured(subject.text, subject.kind)
    if usual is None or subject.size_limit is not None or not usual < size <= _LIMITS[subject.kind]:
        return
    if subject.kind == "trust":
        said = f"the trust policy has {size:,} characters, {usual:,} where the quota is not raised"
        yield Found(0, said, "ask AWS for a higher quota of the role trust policy length")
    else:
        said = f"the policy has {size:,} characters, a managed policy {usual:,} at most"
        yield Found(0, said, "it fits as an inline policy of a role only")


def _limit(subject: Subject) -> int | None:
    if subject.kind != "resource":
        return _LIMITS.get(subject.kind)
    services = {action.partition(":")[0] for part in subject.parts for action, _ in part.actions}
    return _OF_SERVICE.get(services.pop().lower()) if len(services) == 1 else None
