"""IAM: resources by name with their paths, and IAM's condition keys.

Source: Service Authorization Reference, "AWS Identity and Access Management".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.keys import from_parameters
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)

_NAMED = {
    "role": ("RoleName", "role"),
    "user": ("UserName", "user"),
    "group": ("GroupName", "group"),
    "instance-profile": ("InstanceProfileName", "instance-profile"),
    "server-certificate": ("ServerCertificateName", "server-certificate"),
}
_BY_ARN = {
    "policy": ("PolicyArn",),
    "oidc-provider": ("OpenIDConnectProviderArn",),
    "saml-provider": ("SAMLProviderArn",),
    "mfa": ("SerialNumber",),
    "user": ("Arn", "PolicySourceArn"),
    "role": ("Arn", "PolicySourceArn"),
    "group": ("Arn", "PolicySourceArn"),
}
# Where the named thing is what the operation makes.
_MADE = {
    "CreateRole": ("role", "RoleName"),
    "CreateUser": ("user", "UserName"),
    "CreateGroup": ("group", "GroupName"),
    "CreatePolicy": ("policy", "PolicyName"),
    "CreateInstanceProfile": ("instance-profile", "InstanceProfileName"),
    "UploadServerCertificate": ("server-certificate", "ServerCertificateName"),
    "CreateSAMLProvider": ("saml-provider", "Name"),
    "CreateVirtualMFADevice": ("mfa", "VirtualMFADeviceName"),
}
_ATTACHED = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
_DETACHED = ("DetachRolePolicy", "DetachUserPolicy", "DetachGroupPolicy")
_ACTS_ON = {
    # The other resource types of these are in the condition, not in the resource.
    **dict.fromkeys((*_ATTACHED[:1], *_DETACHED[:1]), ("role",)),
    **dict.fromkeys((*_ATTACHED[1:2], *_DETACHED[1:2]), ("user",)),
    **dict.fromkeys((*_ATTACHED[2:], *_DETACHED[2:]), ("group",)),
    "AddRoleToInstanceProfile": ("instance-profile",),
    "RemoveRoleFromInstanceProfile": ("instance-profile",),
    "AddUserToGroup": ("group",),
    "RemoveUserFromGroup": ("group",),
}
_DELEGATIONS = (
    "AcceptDelegationRequest",
    "AssociateDelegationRequest",
    "CreateDelegationRequest",
    "GetDelegationRequest",
    "RejectDelegationRequest",
    "SendDelegationToken",
)
GAPS = frozenset({"AcquireRole", "UpdateDelegationRequest"})


def resolve_iam(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """Return the authorization of an IAM operation on what it names."""
    name, action = known(call, f"iam:{call.operation}")
    kinds = _ACTS_ON.get(call.operation) or tuple(t.name for t in action.resources)
    context = _keys(call, lookup)
    if not kinds:
        return [Authorization(name, "*", call.account, context)]
    found = [arn for kind in kinds for arn in [_resource(call, kind, lookup)] if arn is not None]
    if not found and any(t.required for t in action.resources):
        raise Unresolved("iam", call.operation, f"which {kinds[0]} it is about")
    targets = list(dict.fromkeys(found)) or ["*"]
    found_all = [Authorization(name, arn, call.account, context) for arn in targets]
    if call.operation == "AddRoleToInstanceProfile":
        role = _resource(call, "role", lookup)
        passed: Mapping[str, ContextValue] = {"iam:PassedToService": "ec2.amazonaws.com"}
        found_all.append(Authorization("iam:PassRole", role or "*", call.account, passed))
    return found_all


def _resource(call: Call, kind: str, lookup: Lookup) -> str | None:
    params, base = call.params, f"arn:aws:iam::{call.account}"
    made = _MADE.get(call.operation)
    if made and made[0] == kind:
        path = str(params.get("Path") or "/")
        path = path if path.startswith("/") else f"/{path}"
        return f"{base}:{kind}{path}{params.get(made[1], '*')}"
    if kind == "role" and call.operation == "CreateServiceLinkedRole":
        return f"{base}:role/aws-service-role/{params.get('AWSServiceName', '*')}/*"
    if kind == "oidc-provider" and call.operation == "CreateOpenIDConnectProvider":
        return f"{base}:oidc-provider/{str(params.get('Url', '*')).removeprefix('https://')}"
    named = _named_apart(call, kind, base, lookup)
    if named is not None:
        return named
    for name in _BY_ARN.get(kind, ()):
        given = params.get(name)
        if isinstance(given, str) and f":{kind}/" in given:
            return given
    if kind not in _NAMED:
        return None
    given = params.get(_NAMED[kind][0])
    if given:
        return lookup.iam_arn(call.account, kind, str(given)) or f"{base}:{kind}/{given}"
    if kind == "user" and ":user/" in call.caller_arn:
        return call.caller_arn  # The operations on users take the caller where none is named.
    return None


def _named_apart(call: Call, kind: str, base: str, lookup: Lookup) -> str | None:
    """What is named by a request's id, a task, a path, an access key or a device's number."""
    params, operation = call.params, call.operation
    if kind == "delegation-request" and operation in (*_DELEGATIONS, "GetHumanReadableSummary"):
        given = params.get("DelegationRequestId") or params.get("EntityArn") or "*"
        return f"{base}:delegation-request/{str(given).rpartition('/')[2]}"
    if kind == "mfa" and params.get("SerialNumber"):
        serial = str(params["SerialNumber"])
        return serial if serial.startswith("arn:") else f"{base}:mfa/{serial}"
    if kind == "access-report" and params.get("EntityPath"):
        return f"{base}:access-report/{params['EntityPath']}"
    if kind == "role-template" and params.get("TemplateArn"):
        return str(params["TemplateArn"])
    if kind == "role" and operation == "GetServiceLinkedRoleDeletionStatus":
        # `task/aws-service-role/SERVICE/ROLE/ID`
        task = str(params.get("DeletionTaskId", "")).removeprefix("task/")
        return f"{base}:role/{task.rpartition('/')[0] or '*'}"
    if kind == "user" and operation == "GetAccessKeyLastUsed":
        return lookup.access_key_user(str(params.get("AccessKeyId"))) or f"{base}:user/*"
    return None


_keys_given = from_parameters(
    {
        "iam:AWSServiceName": "AWSServiceName",
        "iam:DelegationDuration": "SessionDuration",
        "iam:NotificationChannel": "NotificationChannel",
        "iam:OrganizationsPolicyId": "OrganizationsPolicyId",
        "iam:PermissionsBoundary": "PermissionsBoundary",
        "iam:RoleTemplateARN": "TemplateArn",
        "iam:ServiceSpecificCredentialAgeDays": "CredentialAgeDays",
        "iam:ServiceSpecificCredentialServiceName": "ServiceName",
        "iam:TemplateArn": "Permissions.PolicyTemplateArn",
    }
)


def _keys(call: Call, lookup: Lookup) -> dict[str, ContextValue]:
    context = dict(_keys_given(call))
    policy = call.params.get("PolicyArn")
    if call.operation in (*_ATTACHED, *_DETACHED) and policy:
        context["iam:PolicyARN"] = str(policy)
    if "iam:PermissionsBoundary" not in context:
        boundary = _boundary(call, lookup)
        if boundary:
            context["iam:PermissionsBoundary"] = boundary
    return context


def _boundary(call: Call, lookup: Lookup) -> str | None:
    """The boundary that the named role or user has: what is done to it is done under that."""
    for kind, parameter in (("role", "RoleName"), ("user", "UserName")):
        named = call.params.get(parameter)
        if named and call.operation not in ("CreateRole", "CreateUser"):
            return lookup.iam_boundary(call.account, kind, str(named))
    return None
