"""CloudTrail's records as requests: who did what to what, and what is known of how."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.operations.monitoring.parameters import is_known, keys_of
from landrail.policy import ContextValue, Principal, Request
from landrail.policy.reference.actions import find_action

_PREFIXES: Mapping[str, str] = {
    "email": "ses",
    "monitoring": "cloudwatch",
    "streams.dynamodb": "dynamodb",
    "tagging": "tag",
}
"""Services whose actions have another prefix than their event source."""
_RENAMED: Mapping[str, str] = {
    "s3:DeleteAccountPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
    "s3:DeleteBucketCors": "s3:PutBucketCORS",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeleteBucketPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucketReplication": "s3:PutReplicationConfiguration",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketCors": "s3:PutBucketCORS",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:PutBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    **{
        f"s3:{verb}Bucket{kind}Configuration{plural}": f"s3:{right}{kind}Configuration"
        for kind in ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
        for verb, plural, right in (
            *(("Get", "", "Get"), ("List", "s", "Get")),
            *(("Put", "", "Put"), ("Delete", "", "Put")),
        )
    },
}
"""Operations that are authorized by an action of another name."""
_DENIED = re.compile(r"AccessDenied|Unauthorized|NotAuthorized|^Denied", re.IGNORECASE)
_OF_CALLER = frozenset(
    f"aws:{name}"
    for name in (
        *("currenttime", "epochtime", "multifactorauthpresent", "requestedregion", "sourceip"),
        *("principalaccount", "principalarn", "principalisawsservice", "principalorgid"),
        *("principaltype", "sourcevpce", "useragent", "userid", "username", "viaawsservice"),
    )
)
"""Keys whose value, or absence, every record tells."""
_OF_SERVICES = frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"})
"""Keys that a call has which a service makes for another; a record names the last service alone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A call of the trail: `request` is what can be decided of it, `resources` its ARNs where the
    record names them."""

    event_id: str
    time: str
    who: str
    account: str
    region: str
    action: str
    request: Request
    resources: tuple[str, ...]

    def knows(self, key: str) -> bool:
        """Say whether the key's value, or its absence, is known; the key in lower case."""
        if key == "aws:securetransport":
            return key in {name.lower() for name in self.request.context}
        if key in _OF_SERVICES:
            context = self.request.context
            return context.get("aws:ViaAWSService") == "false" and "aws:SourceIp" in context
        if key == "aws:sourcevpc":
            return "aws:SourceVpce" not in self.request.context
        return key in _OF_CALLER or is_known(self.action, key)


def read(record: Mapping[str, Any], organization: str) -> Seen | str:
    """Read a record; a text says why it cannot be decided, empty where there is nothing to decide:
    it was denied anyway, or policies of an organization do not bind its caller."""
    if _DENIED.search(str(record.get("errorCode", ""))):
        return ""
    principal = _principal(record.get("userIdentity") or {})
    if principal is None or principal.service_linked:
        return ""
    source = str(record.get("eventSource", "")).removesuffix(".amazonaws.com")
    name = re.sub(r"\d{8}(v\d+)?$", "", str(record.get("eventName", "")))
    action = f"{_PREFIXES.get(source, source)}:{name}"
    action = _RENAMED.get(action, action)
    if find_action(*action.split(":", 1)) is None:
        return f"no action `{action}` is known"
    resources = tuple(
        str(one["ARN"]) for one in record.get("resources") or () if isinstance(one.get("ARN"), str)
    )
    parameters = keys_of(action, record.get("requestParameters"))
    context = {**_of_caller(record, organization), **parameters}
    return Seen(
        event_id=str(record.get("eventID", "")),
        time=str(record.get("eventTime", "")),
        who=principal.iam_arn,
        account=str(record.get("recipientAccountId", "")),
        region=str(record.get("awsRegion", "")),
        action=action,
        request=Request(principal, action, resources[0] if resources else "*", None, context),
        resources=resources,
    )


def _principal(identity: Mapping[str, Any]) -> Principal | None:
    arn, account = str(identity.get("arn") or ""), identity.get("accountId")
    if not isinstance(account, str):
        return None
    user_id = str(identity.get("principalId") or "")
    match identity.get("type"):
        case "AssumedRole":
            issuer = (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
            role = issuer.get("arn")
            session = arn.rpartition("/")[2]
            known = isinstance(role, str)
            return Principal(
                "session",
                arn,
                account,
                role_arn=role if known else None,
                user_id=user_id,
                session_name=session,
                path_known=known,
            )
        case "IAMUser":
            return Principal("user", arn, account, user_id=user_id)
        case "Root":
            return Principal("root", arn, account)
        case "FederatedUser":
            return Principal("federated", arn, account, user_id=user_id)
        case _:
            return None


def _of_caller(record: Mapping[str, Any], organization: str) -> dict[str, ContextValue]:
    identity = record.get("userIdentity") or {}
    address = str(record.get("sourceIPAddress") or "")
    context: dict[str, ContextValue] = {
        "aws:PrincipalOrgID": organization,
        "aws:RequestedRegion": str(record.get("awsRegion", "")),
        "aws:CurrentTime": str(record.get("eventTime", "")),
        "aws:UserAgent": str(record.get("userAgent", "")),
        "aws:ViaAWSService": "true" if identity.get("invokedBy") else "false",
    }
    if _is_address(address):
        context["aws:SourceIp"] = address
    if record.get("vpcEndpointId"):
        context["aws:SourceVpce"] = str(record["vpcEndpointId"])
    if record.get("tlsDetails"):
        context["aws:SecureTransport"] = "true"
    attributes = (identity.get("sessionContext") or {}).get("attributes") or {}
    if "mfaAuthenticated" in attributes:
        context["aws:MultiFactorAuthPresent"] = str(attributes["mfaAuthenticated"])
    return context


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
