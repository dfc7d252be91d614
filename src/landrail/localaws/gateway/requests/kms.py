"""KMS: keys named in four ways, aliases that are resources of their own, encryption contexts.

Source: Service Authorization Reference, "AWS Key Management Service"; KMS Developer Guide,
"Controlling access to aliases", "Condition keys for AWS KMS".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.gateway.requests.general import account_of, known
from landrail.localaws.gateway.requests.keys import as_text
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)

_KEY_ID = re.compile(rb"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_BLOB_HEAD = 36
_CRYPTOGRAPHIC = ("Decrypt", "ReEncrypt")
_TEXT_KEYS = {
    "EncryptionAlgorithm": "kms:EncryptionAlgorithm",
    "SigningAlgorithm": "kms:SigningAlgorithm",
    "MessageType": "kms:MessageType",
    "GranteePrincipal": "kms:GranteePrincipal",
    "RetiringPrincipal": "kms:RetiringPrincipal",
    "PendingWindowInDays": "kms:ScheduleKeyDeletionPendingWindowInDays",
    "KeySpec": "kms:KeySpec",
    "KeyUsage": "kms:KeyUsage",
    "Origin": "kms:KeyOrigin",
    "MultiRegion": "kms:MultiRegion",
    "BypassPolicyLockoutSafetyCheck": "kms:BypassPolicyLockoutSafetyCheck",
    "ExpirationModel": "kms:ExpirationModel",
    "KeyAgreementAlgorithm": "kms:KeyAgreementAlgorithm",
    "KeyPairSpec": "kms:DataKeyPairSpec",
    "MacAlgorithm": "kms:MacAlgorithm",
    "PrimaryRegion": "kms:PrimaryRegion",
    "ReplicaRegion": "kms:ReplicaRegion",
    "RotationPeriodInDays": "kms:RotationPeriodInDays",
    "WrappingAlgorithm": "kms:WrappingAlgorithm",
    "WrappingKeySpec": "kms:WrappingKeySpec",
}
_ENCRYPTS = ("Encrypt", "Decrypt", "ReEncrypt")
_ON_ALIAS = ("CreateAlias", "UpdateAlias", "DeleteAlias")


def resolve_kms(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Return the authorizations of a KMS operation."""
    context = _keys(call)
    if call.operation == "ReEncrypt":
        return _reencrypt(call, lookup, context)
    name, action = known(call, f"kms:{call.operation}")
    if call.operation in _ON_ALIAS:
        return [
            Authorization(name, arn, account_of(arn, call.account), context)
            for arn in _alias_resources(call, lookup)
        ]
    if not any(t.name == "key" for t in action.resources):
        return [Authorization(name, "*", call.account, context)]
    named = call.params.get("KeyId")
    if not named and call.operation == "RetireGrant":
        raise Unresolved("kms", call.operation, "which key the grant is on; name KeyId")
    if not named and call.operation in _CRYPTOGRAPHIC:
        named = key_of_ciphertext(call.params.get("CiphertextBlob"))
    if not named:
        if any(t.required for t in action.resources):
            raise Unresolved("kms", call.operation, "which key it is about")
        return [Authorization(name, "*", call.account, context)]
    return [_on_key(name, str(named), call, lookup, context)]


def key_of_ciphertext(blob: Any) -> str | None:
    """Return the key id that the local KMS writes at the head of a ciphertext."""
    data = blob
    if isinstance(blob, str):
        try:
            data = base64.b64decode(blob, validate=True)
        except (binascii.Error, ValueError):
            return None
    if not isinstance(data, bytes | bytearray):
        return None
    found = _KEY_ID.match(bytes(data[:_BLOB_HEAD]))
    return found.group().decode() if found else None


def _on_key(
    name: str, named: str, call: Call, lookup: Lookup, context: Mapping[str, ContextValue]
) -> Authorization:
    arn = key_arn(named, call, lookup)
    keys = dict(context)
    if "alias/" in named:
        keys["kms:RequestAlias"] = named[named.index("alias/") :]
    account = arn.split(":")[4]
    return Authorization(name, arn, account, {**resource_keys(arn, lookup), **keys})


def resource_keys(arn: str, lookup: Lookup) -> dict[str, ContextValue]:
    """Return the keys that follow from what a KMS key is."""
    region, account = arn.split(":")[3:5]
    keys: dict[str, ContextValue] = {
        f"kms:{name}": value for name, value in lookup.key_facts(arn).items()
    }
    aliases = lookup.key_aliases(account, region, arn.rpartition("/")[2])
    if aliases:
        keys["kms:ResourceAliases"] = aliases
    return keys


def key_arn(named: str, call: Call, lookup: Lookup) -> str:
    """Return the key's ARN; one that is not there keeps the name it was asked by."""
    found = lookup.key_arn(call.account, call.region, named)
    if found:
        return found
    if named.startswith("arn:"):
        return named
    kind = "" if named.startswith("alias/") else "key/"
    return f"arn:aws:kms:{call.region}:{call.account}:{kind}{named}"


def _alias_resources(call: Call, lookup: Lookup) -> list[str]:
    alias = str(call.params.get("AliasName", ""))
    found = [f"arn:aws:kms:{call.region}:{call.account}:{alias}"]
    old = lookup.key_arn(call.account, call.region, alias)
    if old and call.operation != "CreateAlias":
        found.append(old)
    target = call.params.get("TargetKeyId")
    if target:
        found.append(key_arn(str(target), call, lookup))
    return found


def _reencrypt(
    call: Call, lookup: Lookup, context: Mapping[str, ContextValue]
) -> list[Authorization]:
    source = call.params.get("SourceKeyId") or key_of_ciphertext(call.params.get("CiphertextBlob"))
    target = call.params.get("DestinationKeyId")
    if not source or not target:
        raise Unresolved("kms", call.operation, "which keys it is about")
    before: dict[str, ContextValue] = {
        **context,
        **encryption_context(call.params.get("SourceEncryptionContext")),
    }
    after: dict[str, ContextValue] = {
        **context,
        **encryption_context(call.params.get("DestinationEncryptionContext")),
    }
    same = key_arn(str(source), call, lookup) == key_arn(str(target), call, lookup)
    for given in (before, after):
        given["kms:ReEncryptOnSameKey"] = "true" if same else "false"
    return [
        _on_key("kms:ReEncryptFrom", str(source), call, lookup, before),
        _on_key("kms:ReEncryptTo", str(target), call, lookup, after),
    ]


def encryption_context(given: Any) -> dict[str, ContextValue]:
    """Return the keys of an encryption context."""
    if not isinstance(given, Mapping) or not given:
        return {}
    context: dict[str, ContextValue] = {
        f"kms:EncryptionContext:{key}": str(value) for key, value in given.items()
    }
    context["kms:EncryptionContextKeys"] = tuple(given)
    return context


def _keys(call: Call) -> dict[str, ContextValue]:
    params = call.params
    context: dict[str, ContextValue] = {"kms:CallerAccount": call.account}
    context.update(encryption_context(params.get("EncryptionContext")))
    for name, key in _TEXT_KEYS.items():
        value = params.get(name)
        if value is not None:
            context[key] = str(value).lower() if isinstance(value, bool) else str(value)
    if call.operation in _ENCRYPTS:
        context.setdefault("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
    if params.get("ValidTo"):
        context["kms:ValidTo"] = as_text(params["ValidTo"])
    if call.operation == "CreateGrant":
        context["kms:GrantOperations"] = tuple(params.get("Operations") or ())
        context["kms:GrantIsForAWSResource"] = "false"
        constraints = params.get("Constraints") or {}
        if constraints.get("SourceArn"):
            context["kms:GrantConstraintSourceArn"] = str(constraints["SourceArn"])
        kinds = [k for k in constraints if k.startswith("EncryptionContext")]
        if kinds:
            context["kms:GrantConstraintType"] = kinds[0]
    return context
