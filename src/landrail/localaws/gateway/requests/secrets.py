"""Secrets Manager: a secret is authorized by its whole ARN, with the suffix AWS gave it.

Source: Service Authorization Reference, "AWS Secrets Manager".
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.general import account_of, general, known
from landrail.localaws.gateway.requests.key_tables import secrets_keys
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.used_keys import keys_of_secrets, named_key
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

_GAPS = """
AssociateCrossAccountReplica DisassociateCrossAccountReplica ListResourcePolicies
"""
_RULES = Rules("secretsmanager", names={"SecretId": ("SecretId", "Name")})
_BATCH = "BatchGetSecretValue"
_ON_SECRET = """
CancelRotateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue
ListSecretVersionIds PutResourcePolicy PutSecretValue RemoveRegionsFromReplication
ReplicateSecretToRegions RestoreSecret RotateSecret StopReplicationToReplica TagResource
UntagResource UpdateSecret UpdateSecretVersionStage ValidateResourcePolicy
"""


def _secret(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    named = call.params.get("SecretId")
    if not isinstance(named, str):
        return general(call, _RULES)
    name, _ = known(call, f"secretsmanager:{call.operation}")
    arn = _arn(named, call, lookup)
    return [Authorization(name, arn, account_of(arn, call.account))]


def _arn(named: str, call: Call, lookup: Lookup) -> str:
    """A secret that is not there has the name it was asked by."""
    account = account_of(named, call.account) if named.startswith("arn:") else call.account
    region = named.split(":")[3] if named.startswith("arn:") else call.region
    found = lookup.secret_arn(account, region, named)
    if found or named.startswith("arn:"):
        return found or named
    return f"arn:aws:secretsmanager:{call.region}:{call.account}:secret:{named}"


def _keys(call: Call, needed: Authorization, lookup: Lookup) -> dict[str, ContextValue]:
    """The keys that follow from the secret and from the key that is named."""
    if not needed.resource.startswith("arn:"):
        return {}
    context: dict[str, ContextValue] = {
        "secretsmanager:SecretId": needed.resource,
        "secretsmanager:SecretPrimaryRegion": call.region,
    }
    key = call.params.get("KmsKeyId")
    if key:
        context["secretsmanager:KmsKeyArn"] = named_key(key, call, lookup) or str(key)
    return context


def _each(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """A batch needs its own action, and reading of each secret it names."""
    own = [Authorization(f"secretsmanager:{_BATCH}", "*", call.account)]
    arns = [_arn(str(n), call, lookup) for n in call.params.get("SecretIdList") or ()]
    action = "secretsmanager:GetSecretValue"
    return own + [Authorization(action, arn, account_of(arn, call.account)) for arn in arns]


SECRETS = Rules(
    "secretsmanager",
    gaps=frozenset(_GAPS.split()),
    names=_RULES.names,
    keys=secrets_keys,
    each=_keys,
    used_keys=keys_of_secrets,
    custom={**dict.fromkeys(_ON_SECRET.split(), _secret), _BATCH: _each},
)
