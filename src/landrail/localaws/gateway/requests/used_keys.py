"""KMS keys that a service uses in its caller's name, a forward access session each.

The caller needs the permission on the key; the key sees the caller, `kms:ViaService` and
`aws:CalledVia`. AWS's own keys (`alias/aws/...`) let every caller of the service in and are not
asked. Sources: SQS and SNS Developer Guides, "Key management"; Secrets Manager User Guide, "Secret
encryption and decryption"; Systems Manager User Guide, "How Parameter Store uses AWS KMS"; EBS User
Guide, "Requirements for Amazon EBS encryption"; ECR User Guide, "Encryption at rest"; SageMaker AI
Developer Guide, "API Permissions". Keys of jobs and endpoints are used by their roles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from landrail.localaws.gateway.requests.arns import all_at
from landrail.localaws.gateway.requests.kms import resource_keys
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

Authorizations = list[Authorization]
_OWN = "alias/aws/"


def used(
    key: str,
    operation: str,
    service: str,
    encryption: Mapping[str, str],
    call: Call,
    lookup: Lookup,
) -> Authorization:
    """Return what a service asks of a key (an ARN) in the caller's name; `encryption` is the
    encryption context it gives."""
    region, account = key.split(":")[3:5]
    context: dict[str, ContextValue] = {
        **resource_keys(key, lookup),
        "kms:ViaService": f"{service}.{region}.amazonaws.com",
        "kms:CallerAccount": call.account,
        **{f"kms:EncryptionContext:{name}": value for name, value in encryption.items()},
    }
    if encryption:
        context["kms:EncryptionContextKeys"] = tuple(encryption)
    via = f"{service}.amazonaws.com"
    return Authorization(f"kms:{operation}", key, account, context, via=via)


def named_key(name: Any, call: Call, lookup: Lookup) -> str | None:
    """Return the ARN of a key that a parameter names; None for AWS's own and for none."""
    if not name or _OWN in str(name):
        return None
    found = lookup.key_arn(call.account, call.region, str(name))
    if found or str(name).startswith("arn:"):
        return found or str(name)
    return f"arn:aws:kms:{call.region}:{call.account}:key/{name}"


_BOTH = ("GenerateDataKey", "Decrypt")
_ONE = ("Decrypt",)
# operation: what is asked of the key, where the encryption context names the resource
_MESSAGES: Mapping[str, tuple[str, Sequence[str]]] = {
    "sqs:SendMessage": ("aws:sqs:arn", _BOTH),
    "sqs:SendMessageBatch": ("aws:sqs:arn", _BOTH),
    "sqs:ReceiveMessage": ("aws:sqs:arn", _ONE),
    "sns:Publish": ("aws:sns:topicArn", _BOTH),
    "sns:PublishBatch": ("aws:sns:topicArn", _BOTH),
}


def keys_of_messages(call: Call, own: Sequence[Authorization], lookup: Lookup) -> Authorizations:
    """Return what an encrypted queue or topic asks of its key."""
    asked = _MESSAGES.get(f"{call.service}:{call.operation}")
    if asked is None or not own:
        return []
    key = lookup.resource_key(own[0].resource)
    if key is None:
        return []
    context = {asked[0]: own[0].resource}
    return [used(key, name, call.service, context, call, lookup) for name in asked[1]]


_SECRET_WRITES = ("CreateSecret", "PutSecretValue", "UpdateSecret")


def keys_of_secrets(call: Call, own: Sequence[Authorization], lookup: Lookup) -> Authorizations:
    """Return what a secret asks of its key, the one given in the call first."""
    reads = [a for a in own if a.action == "secretsmanager:GetSecretValue"]
    writes = own[:1] if call.operation in _SECRET_WRITES and _has_value(call.params) else []
    given = named_key(call.params.get("KmsKeyId"), call, lookup)
    found = []
    for needed in (*reads, *writes):
        key = given if writes and given else lookup.resource_key(needed.resource)
        if key is not None:
            context = {"SecretARN": needed.resource}
            found += [
                used(key, name, "secretsmanager", context, call, lookup)
                for name in (_BOTH if writes else _ONE)
            ]
    return found


def _has_value(params: Mapping[str, Any]) -> bool:
    return "SecretString" in params or "SecretBinary" in params or "KmsKeyId" in params


def keys_of_parameters(call: Call, own: Sequence[Authorization], lookup: Lookup) -> Authorizations:
    """Return what secure parameters ask of their keys."""
    if call.operation == "PutParameter":
        if call.params.get("Type", "SecureString") != "SecureString" or not own:
            return []
        arn = own[0].resource
        given = named_key(call.params.get("KeyId"), call, lookup)
        key = given or (None if call.params.get("KeyId") else lookup.resource_key(arn))
        advanced = call.params.get("Tier") == "Advanced"
        name = "GenerateDataKey" if advanced else "Encrypt"
        return [used(key, name, "ssm", {"PARAMETER_ARN": arn}, call, lookup)] if key else []
    if not call.params.get("WithDecryption"):
        return []
    found = []
    for needed in own:
        key = lookup.resource_key(needed.resource)
        if key is not None:
            context = {"PARAMETER_ARN": needed.resource}
            found.append(used(key, "Decrypt", "ssm", context, call, lookup))
    return found


_VOLUMES = ("KmsKeyId", "BlockDeviceMappings.Ebs.KmsKeyId")
_MAKE_VOLUMES = ("CreateVolume", "RunInstances", "CopySnapshot", "CopyImage")


def keys_of_volumes(call: Call, _own: Sequence[Authorization], lookup: Lookup) -> Authorizations:
    """Return what encrypted volumes ask of the key that the call names for them."""
    if call.operation not in _MAKE_VOLUMES:
        return []
    found = []
    for name in dict.fromkeys(str(v) for p in _VOLUMES for v in all_at(call.params, p)):
        key = named_key(name, call, lookup)
        if key is not None:
            plain = used(key, "GenerateDataKeyWithoutPlaintext", "ec2", {}, call, lookup)
            found += [plain, *_lent(key, "ec2", call, lookup)]
    return found


def keys_of_repositories(
    call: Call, _own: Sequence[Authorization], lookup: Lookup
) -> Authorizations:
    """Return what a repository under a key of one's own asks: ECR takes a grant on the key."""
    if call.operation != "CreateRepository":
        return []
    given = next(all_at(call.params, "encryptionConfiguration.kmsKey"), None)
    key = named_key(given, call, lookup)
    return [] if key is None else _lent(key, "ecr", call, lookup)


_HOMES = ("CreateDomain", "CreateNotebookInstance")


def keys_of_homes(call: Call, _own: Sequence[Authorization], lookup: Lookup) -> Authorizations:
    """Return what the volumes of a domain or notebook ask: SageMaker takes a grant on the key."""
    if call.operation not in _HOMES:
        return []
    key = named_key(call.params.get("KmsKeyId"), call, lookup)
    return [] if key is None else _lent(key, "sagemaker", call, lookup)


def _lent(key: str, service: str, call: Call, lookup: Lookup) -> Authorizations:
    """A service looks at the key and makes a grant for a resource of its own."""
    grant = used(key, "CreateGrant", service, {}, call, lookup)
    own: dict[str, ContextValue] = {"kms:GrantIsForAWSResource": "true"}
    return [
        used(key, "DescribeKey", service, {}, call, lookup),
        replace(grant, context={**grant.context, **own}),
    ]
