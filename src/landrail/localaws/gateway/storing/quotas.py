"""How many policies one identity may have, and how large they may be together.

Source: "IAM and AWS STS quotas", 2026, the defaults.
"""

from __future__ import annotations

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.store import StoreSources
from landrail.policy.lint import sizes

_ATTACHED = 10
_INLINE = {
    "PutRolePolicy": ("role", "RoleName", sizes.ROLE_INLINE),
    "PutUserPolicy": ("user", "UserName", sizes.USER_INLINE),
    "PutGroupPolicy": ("group", "GroupName", sizes.GROUP_INLINE),
}
_ATTACH = {
    "AttachRolePolicy": ("role", "RoleName"),
    "AttachUserPolicy": ("user", "UserName"),
    "AttachGroupPolicy": ("group", "GroupName"),
}


def check(call: ApiCall, sources: StoreSources) -> None:
    """Refuse one policy too many; raises ApiError."""
    if call.service != "iam":
        return
    if call.operation in _INLINE:
        _inline(call, sources)
    elif call.operation in _ATTACH:
        _attached(call, sources)


def _inline(call: ApiCall, sources: StoreSources) -> None:
    """The inline policies of one identity share one limit."""
    kind, member, limit = _INLINE[call.operation]
    holder = str(call.params.get(member))
    new = str(call.params.get("PolicyName"))
    texts = dict(sources.inline_policies(call.account, kind, holder))
    texts[new] = str(call.params.get("PolicyDocument") or "")
    if sum(sizes.measured(text, "identity") for text in texts.values()) > limit:
        message = f"Maximum policy size of {limit} bytes exceeded for {kind} {holder}"
        raise ApiError("LimitExceeded", message, 409)


def _attached(call: ApiCall, sources: StoreSources) -> None:
    kind, member = _ATTACH[call.operation]
    holder = str(call.params.get(member))
    attached = sources.attached_policies(call.account, kind, holder)
    if call.params.get("PolicyArn") not in attached and len(attached) >= _ATTACHED:
        name = {"role": "Role", "user": "User", "group": "Group"}[kind]
        message = f"Cannot exceed quota for PoliciesPer{name}: {_ATTACHED}"
        raise ApiError("LimitExceeded", message, 409)
