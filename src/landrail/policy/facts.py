"""The condition keys of one request: those given, and those that follow from its principal.

Key names are compared without case, tag keys included. A key that is neither given nor follows
from the principal is absent, and absent is what conditions then see.
"""

from __future__ import annotations

from landrail.policy.values import ContextValue, Principal, Request

_TAG = "aws:principaltag/"
_TYPES = {
    "root": "Account",
    "user": "User",
    "federated": "FederatedUser",
    "session": "AssumedRole",
    "anonymous": "Anonymous",
}
_ARN_PARTS = 6
_LIST_BUCKETS = "s3:listallmybuckets"


class _LowerCase(dict[str, str]):
    """Names of condition keys in lower case, made once for each spelling: most requests spell the
    same few. It is bounded, because names such as `aws:RequestTag/...` are open."""

    def __missing__(self, name: str) -> str:
        lowered = name.lower()
        if len(self) < _MOST_NAMES:
            self[name] = lowered
        return lowered


_MOST_NAMES = 8192
_LOWER = _LowerCase()


class Facts:
    """A request made ready for matching; `action` in lower case, `parts` the resource's six."""

    __slots__ = ("_values", "action", "parts", "principal", "resource")

    def __init__(self, request: Request) -> None:
        self.principal = request.principal
        self.action = request.action.lower()
        resource = request.resource
        if resource == "*" and self.action == _LIST_BUCKETS:
            resource = _every_bucket(request.principal)
        self.resource = resource
        self.parts = resource.split(":", _ARN_PARTS - 1)
        given = request.context
        self._values = dict(zip(map(_LOWER.__getitem__, given), given.values(), strict=True))

    def get(self, key: str) -> ContextValue | None:
        """Return the value of a key given in lower case, or None."""
        value = self._values.get(key)
        if value is None and key.startswith("aws:"):
            return _derived(self.principal, key)
        return value

    def under(self, prefix: str) -> set[str]:
        """Return what follows a prefix in the names of the keys that are given, in lower case."""
        return {name[len(prefix) :] for name in self._values if name.startswith(prefix)}

    def single(self, key: str) -> str | None:
        """Return the value of a single-valued key for a policy variable, or None."""
        value = self.get(key)
        return value if isinstance(value, str) else None


def _every_bucket(principal: Principal) -> str:
    """What S3 takes as the resource of ListAllMyBuckets, which has no resource type: in the
    policies of its user guide, the ARN of every bucket allows it, and that of one does not."""
    partition = principal.arn.split(":", 2)[1] if principal.arn.startswith("arn:") else "aws"
    return f"arn:{partition}:s3:::*"


def _derived(principal: Principal, key: str) -> str | None:
    if key == "aws:principalarn":
        known = principal.kind in ("root", "user", "session", "federated")
        return principal.iam_arn if known else None
    if key.startswith(_TAG):
        return _tag(principal, key[len(_TAG) :])
    if key == "aws:principalaccount":
        return "anonymous" if principal.kind == "anonymous" else principal.account
    if key == "aws:principaltype":
        return _TYPES.get(principal.kind)
    if key == "aws:userid":
        return _user_id(principal)
    if key == "aws:username":
        return principal.arn.rpartition("/")[2] if principal.kind == "user" else None
    if key == "aws:principalisawsservice":
        if principal.kind == "anonymous":
            return None
        return "true" if principal.kind == "service" else "false"
    if key == "aws:principalservicename":
        return principal.arn if principal.kind == "service" else None
    return None


def _tag(principal: Principal, name: str) -> str | None:
    for key, value in principal.tags.items():
        if key.lower() == name:
            return value
    return None


def _user_id(principal: Principal) -> str | None:
    if principal.user_id:
        return principal.user_id
    if principal.kind == "root":
        return principal.account
    if principal.kind == "anonymous":
        return "anonymous"
    if principal.kind == "federated" and principal.account:
        return f"{principal.account}:{principal.arn.rpartition('/')[2]}"
    return None
