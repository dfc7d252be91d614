"""A principal from its ARN alone, for those who have no store to ask: policy tests and `can`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from landrail.policy.values import Principal

_NAME = r"[A-Za-z0-9_+=,.@-]+"
_IAM = re.compile(
    rf"arn:aws[a-z-]*:iam::(?P<account>\d{{12}}):(?P<rest>root|(user|role)/([!-.0-~]+/)*{_NAME})\Z"
)
_STS = re.compile(
    rf"arn:(?P<partition>aws[a-z-]*):sts::(?P<account>\d{{12}}):"
    rf"(?P<kind>assumed-role|federated-user)/(?P<name>{_NAME})(/(?P<session>{_NAME}))?\Z"
)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?\Z")
_PROVIDER = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(oidc|saml)-provider/[^*?]+\Z")
PROVIDERS = (
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
)
"""The identity providers that trust policies name by their host. One is a service as well: it
acts as provider where a role is assumed with its token."""


def principal_from_arn(arn: str, tags: Mapping[str, str] | None = None) -> Principal:
    """Return the principal an ARN or a service's name stands for; raises ValueError.

    A role's ARN stands for a session of it. A session's own ARN does not show the path of its
    role: the role is then known by account and name. The ARN of an identity provider, or the host
    of one that IAM knows by itself, stands for the holder of its token, who enters a role.
    """
    tags = dict(tags or {})
    if _SERVICE.match(arn):
        return Principal("service", arn, None, tags=tags)
    if arn in PROVIDERS or _PROVIDER.match(arn):
        return Principal("web", arn, None, tags=tags)
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
        if sts["session"]:
            raise ValueError(f"`{arn}` is not the ARN of a principal")
        user = f"{base}:user/{sts['name']}"
        return Principal("federated", arn, sts["account"], user_arn=user, tags=tags)
    if not sts["session"]:
        raise ValueError(f"`{arn}` names no session")
    return Principal(
        "session",
        arn,
        sts["account"],
        role_arn=f"{base}:role/{sts['name']}",
        session_name=sts["session"],
        tags=tags,
        path_known=False,
    )


ANONYMOUS = Principal("anonymous", "", None)
