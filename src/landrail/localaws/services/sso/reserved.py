"""Reserved roles: what a permission set is in an account.

Made, brought up to date and removed by Identity Center alone, as its service-linked role in the
account. Source: IAM Identity Center User Guide, "Referencing permission sets in resource policies";
IAM User Guide, "UnmodifiableEntity".
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.sso.directory import SERVICE, PermissionSet

PATH = "/aws-reserved/sso.amazonaws.com/"
_HOME = "us-east-1"
_INLINE = "AwsSSOInlinePolicy"
_AUDIENCE = "https://signin.aws.amazon.com/saml"
_LONGEST = 43200
_METADATA = (
    '<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor '
    'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}"><md:IDPSSODescriptor '
    'WantAuthnRequestsSigned="false" '
    'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><!-- {note} -->'
    "<md:SingleSignOnService "
    'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{entity}"/>'
    "</md:IDPSSODescriptor></md:EntityDescriptor>"
)


def provision(
    platform: Platform,
    account: str,
    region: str,
    wanted: PermissionSet,
    boundary: dict[str, Any] | None,
    role: str | None,
) -> str:
    """Make the role of a permission set in an account, or bring `role` up to date; return its
    ARN. Raises ApiError, before anything is changed, for a policy that is not there."""
    account_iam = _Iam(platform, account)
    policies = [*wanted.managed, *(_customer(account, *one) for one in wanted.customer)]
    for arn in policies:
        account_iam.ask("GetPolicy", PolicyArn=arn)
    if role is None:
        role = _make(account_iam, account, region, wanted)
    name = role.rpartition("/")[2]
    account_iam.ask("UpdateRole", RoleName=name, Description=wanted.description or wanted.name)
    _policies(account_iam, name, policies, wanted.inline)
    bound = _boundary(account, boundary)
    if bound is not None:
        account_iam.ask("PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=bound)
    elif "PermissionsBoundary" in account_iam.ask("GetRole", RoleName=name)["Role"]:
        account_iam.ask("DeleteRolePermissionsBoundary", RoleName=name)
    return role


def remove(platform: Platform, account: str, role: str) -> None:
    """Remove a role from an account; one that is gone is gone."""
    iam, name = _Iam(platform, account), role.rpartition("/")[2]
    try:
        _policies(iam, name, [], "")
        iam.ask("DeleteRole", RoleName=name)
    except ApiError as error:
        if error.code != "NoSuchEntity":
            raise


class _Iam:
    """IAM of one account, as Identity Center's service-linked role there."""

    def __init__(self, platform: Platform, account: str) -> None:
        self._platform = platform
        self._account = account

    def ask(self, operation: str, **params: Any) -> dict[str, Any]:
        return self._platform.call(
            SERVICE, "iam", operation, params, region=_HOME, account=self._account
        )


def _make(iam: _Iam, account: str, region: str, wanted: PermissionSet) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": _provider(iam, account)},
                "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                "Condition": {"StringEquals": {"SAML:aud": _AUDIENCE}},
            }
        ],
    }
    role = iam.ask(
        "CreateRole",
        RoleName=f"AWSReservedSSO_{wanted.name}_{secrets.token_hex(8)}",
        Path=PATH if region == _HOME else f"{PATH}{region}/",
        AssumeRolePolicyDocument=json.dumps(trust),
        MaxSessionDuration=_LONGEST,
    )
    return str(role["Role"]["Arn"])


def _provider(iam: _Iam, account: str) -> str:
    """Return the ARN of Identity Center's SAML provider there, made with the first role."""
    begins = f"arn:aws:iam::{account}:saml-provider/AWSSSO_"
    for found in iam.ask("ListSAMLProviders").get("SAMLProviderList", ()):
        if found["Arn"].startswith(begins):
            return str(found["Arn"])
    name = f"AWSSSO_{secrets.token_hex(8)}_DO_NOT_DELETE"
    entity = f"https://portal.sso.{_HOME}.amazonaws.com/saml/assertion/{secrets.token_hex(16)}"
    note = "This provider stands for the Identity Center of the local AWS. " * 12
    metadata = _METADATA.format(entity=entity, note=note)
    made = iam.ask("CreateSAMLProvider", Name=name, SAMLMetadataDocument=metadata)
    return str(made["SAMLProviderArn"])


def _policies(iam: _Iam, role: str, wanted: list[str], inline: str) -> None:
    attached = iam.ask("ListAttachedRolePolicies", RoleName=role)["AttachedPolicies"]
    held = [policy["PolicyArn"] for policy in attached]
    for arn in wanted:
        if arn not in held:
            iam.ask("AttachRolePolicy", RoleName=role, PolicyArn=arn)
    for arn in held:
        if arn not in wanted:
            iam.ask("DetachRolePolicy", RoleName=role, PolicyArn=arn)
    names = iam.ask("ListRolePolicies", RoleName=role)["PolicyNames"]
    if inline:
        iam.ask("PutRolePolicy", RoleName=role, PolicyName=_INLINE, PolicyDocument=inline)
    elif _INLINE in names:
        iam.ask("DeleteRolePolicy", RoleName=role, PolicyName=_INLINE)


def _customer(account: str, path: str, name: str) -> str:
    return f"arn:aws:iam::{account}:policy{path}{name}"


def _boundary(account: str, boundary: dict[str, Any] | None) -> str | None:
    if boundary is None:
        return None
    if boundary.get("ManagedPolicyArn"):
        return str(boundary["ManagedPolicyArn"])
    named = boundary["CustomerManagedPolicyReference"]
    return _customer(account, str(named.get("Path") or "/"), str(named["Name"]))
