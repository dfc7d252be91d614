"""KMS's lockout safety check: who sets a key's policy must still be able to change it.

The new policy is put to the engine with the caller's own kms:PutKeyPolicy; the caller's identity
policies are taken to allow it, for KMS looks at the key's policy alone.
"""

from __future__ import annotations

from landrail.localaws.api import ApiCall, Caller
from landrail.localaws.gateway.storing.table import Place
from landrail.localaws.gateway.storing.words import LOCKOUT
from landrail.policy import (
    Document,
    Policies,
    PolicyInForce,
    Principal,
    Request,
    authorize,
    parse_document,
)

_ANYTHING = parse_document(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    },
    kind="identity",
)
_SOMEBODY = ("root", "user", "session", "federated")


def check(call: ApiCall, document: Document, place: Place) -> None:
    """Refuse a key policy that locks its author out; raises ApiError."""
    if call.service != "kms" or call.params.get("BypassPolicyLockoutSafetyCheck"):
        return
    principal = _principal(call.caller)
    if principal is None:
        return
    key = str(call.params.get("KeyId") or "new")
    arn = key if key.startswith("arn:") else f"arn:aws:kms:{call.region}:{call.account}:key/{key}"
    request = Request(
        principal=principal,
        action="kms:PutKeyPolicy",
        resource=arn,
        resource_account=call.account,
        context={"kms:CallerAccount": call.caller.account or ""},
    )
    policies = Policies(
        identity=(PolicyInForce(_ANYTHING, "any"),),
        resource=PolicyInForce(document, "key policy"),
    )
    if not authorize(request, policies).allowed:
        raise place.words.refusal(LOCKOUT, "")


def _principal(caller: Caller) -> Principal | None:
    if caller.kind not in _SOMEBODY or caller.account is None:
        return None
    return Principal(
        caller.kind,
        caller.arn,
        caller.account,
        role_arn=caller.role_arn,
        user_id=caller.user_id,
        session_name=caller.session_name,
    )
