"""A caller who comes with a token of an identity provider: what may be believed of it.

The token must be signed by the issuer, the role's account must know the issuer as its provider,
and the provider must accept the token's audience. Whether the role may be entered is the trust
policy's affair, by the keys returned here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws import webidentity
from landrail.localaws.api import ApiError
from landrail.localaws.services.sts.service import NO_SAML, SAML_AUDIENCE
from landrail.localaws.store import Assertions, Store


@dataclass(frozen=True, slots=True)
class Federated:
    """A verified token: the provider's ARN and the condition keys that follow; `also` are the
    actions that entering a role needs for what the token says of the session."""

    provider: str
    keys: Mapping[str, str | tuple[str, ...]]
    also: tuple[str, ...] = ()


def asserted(params: Mapping[str, Any], assertions: Assertions) -> Federated:
    """Return what an assertion's bearer may be believed: one of our Identity Center's, for the
    role and the provider that it names; raises ApiError for any other."""
    found = assertions.find(str(params.get("SAMLAssertion") or ""))
    named = (params.get("RoleArn"), params.get("PrincipalArn"))
    if found is None or named != (found.role_arn, found.provider_arn):
        raise ApiError("UnsupportedOperation", NO_SAML, 501)
    keys = {
        "SAML:aud": SAML_AUDIENCE,
        "SAML:sub": found.user,
        "SAML:sub_type": "persistent",
        "aws:FederatedProvider": found.provider_arn,
        "sts:RoleSessionName": found.user,
    }
    return Federated(found.provider_arn, keys)


def verified(params: Mapping[str, Any], account: str, store: Store, state: Path) -> Federated:
    """Return what a token's bearer may be believed; raises ApiError in the words of STS."""
    identity = webidentity.verify(str(params.get("WebIdentityToken") or ""), state / "identity")
    provider = f"arn:aws:iam::{account}:oidc-provider/{identity.issuer}"
    try:
        found = store.execute(
            account,
            "us-east-1",
            "iam",
            "GetOpenIDConnectProvider",
            {"OpenIDConnectProviderArn": provider},
        )
    except ApiError as error:
        raise ApiError(
            "InvalidIdentityToken",
            f"No OpenIDConnect provider found in your account for https://{identity.issuer}",
        ) from error
    if identity.audience not in found.get("ClientIDList", ()):
        raise ApiError("InvalidIdentityToken", "Incorrect token audience")
    keys: dict[str, str | tuple[str, ...]] = {
        f"{identity.issuer}:sub": identity.subject,
        f"{identity.issuer}:aud": identity.audience,
        "aws:FederatedProvider": provider,
    }
    if identity.amr:
        keys[f"{identity.issuer}:amr"] = identity.amr
    also: tuple[str, ...] = ()
    if identity.tags:
        keys |= {f"aws:RequestTag/{key}": value for key, value in identity.tags.items()}
        keys["aws:TagKeys"] = tuple(identity.tags)
        keys["sts:TransitiveTagKeys"] = identity.transitive
        also += ("sts:TagSession",)
    if identity.source_identity:
        keys["sts:SourceIdentity"] = identity.source_identity
        also += ("sts:SetSourceIdentity",)
    return Federated(provider, keys, also)
