"""A principal from its ARN alone, for those who have no store to ask: policy tests and `can`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from landrail.policy.values import Principal

_IAM = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<rest>root|(user|role)/.+)\Z")
_STS = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):sts::(?P<account>\d{12}):"
    r"(?P<kind>assumed-role|federated-user)/(?P<name>[^/]+)(/(?P<session>.+))?\Z"
)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?\Z")


def principal_from_arn(arn: str, tags: Mapping[str, str] | None = None) -> Principal:
    """Return the principal an ARN or a service's name stands for; raises ValueError.

    A role's ARN stands for a session of it. A session's role is taken to have no path, which its
    own ARN does not show.
    """
    tags = dict(tags or {})
    if _SERVICE.match(arn):
        return Principal("service", arn, None, tags=tags)
    iam = _IAM.match(arn)
    if iam:
        account, rest = iam["account"], iam["rest"]
        if rest == "root":
            return Principal("root", arn, account, tags=tags)
        if rest.startswith("user/"):
            return Principal("user", arn, account, tags=tags)
        return Principal("session", arn, account, role_arn=arn, tags=tags)
    sts = _STS.match(arn)
    if sts is None:
        raise ValueError(f"`{arn}` is not the ARN of a principal")
    base = f"arn:{sts['partition']}:iam::{sts['account']}"
    if sts["kind"] == "federated-user":
        user = f"{base}:user/{sts['name']}"
        return Principal("federated", arn, sts["account"], user_arn=user, tags=tags)
    if not sts["session"]:
        raise ValueError(f"`{arn}` names no session")
    role = f"{base}:role/{sts['name']}"
    return Principal(
        "session", arn, sts["account"], role_arn=role, session_name=sts["session"], tags=tags
    )


ANONYMOUS = Principal("anonymous", "", None)
