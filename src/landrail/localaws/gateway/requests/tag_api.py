"""The tagging API: it tags what other services have, and each of them has its say.

Source: Resource Groups Tagging API Reference, TagResources: a caller needs `tag:TagResources` and
the tagging permission of the service of every resource that is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup, Unresolved
from landrail.policy.reference.actions import find_action

_TAGS = ("TagResource", "AddTags", "AddTagsToResource", "CreateTags")
_UNTAGS = ("UntagResource", "DeleteTags", "RemoveTags", "RemoveTagsFromResource")
# Services with an action for each kind of resource, or with names of their own.
_OWN = {
    "iam": {
        "instance-profile": ("TagInstanceProfile", "UntagInstanceProfile"),
        "oidc-provider": ("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"),
        "policy": ("TagPolicy", "UntagPolicy"),
        "role": ("TagRole", "UntagRole"),
        "user": ("TagUser", "UntagUser"),
    },
    "s3": {"": ("PutBucketTagging", "PutBucketTagging")},
    "sqs": {"": ("TagQueue", "UntagQueue")},
}
_ARN_PARTS = 6


def _tagged(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    adds = call.operation == "TagResources"
    return [_one(call, str(arn), adds, lookup) for arn in call.params.get("ResourceARNList") or ()]


def _one(call: Call, arn: str, adds: bool, lookup: Lookup) -> Authorization:
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        raise Unresolved(call.service, call.operation, f"`{arn}` is not an ARN")
    service, account, name = parts[2], parts[4], parts[5]
    action = _action(service, name, adds)
    if action is None:
        raise Unresolved(call.service, call.operation, f"how {service} tags `{name}`")
    if service == "s3":
        account = lookup.bucket_account(name.partition("/")[0]) or call.account
    return Authorization(f"{service}:{action}", arn, account or call.account)


def _action(service: str, name: str, adds: bool) -> str | None:
    own = _OWN.get(service)
    if own is not None:
        pair = own.get(name.partition("/")[0]) or own.get("")
        return pair[0 if adds else 1] if pair else None
    return next((n for n in (_TAGS if adds else _UNTAGS) if find_action(service, n)), None)


TAGGING = Rules("tag", also={"TagResources": _tagged, "UntagResources": _tagged})
