"""What is known about a condition key: its type, whether it has many values, when it is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from landrail.policy.reference.keys import SESSION_KEYS, global_key
from landrail.policy.reference.services import prefixes, service_key

_OF_PROVIDERS = ("saml", "cognito-identity-auth", "cognito-identity-unauth", "identitycenter")


@dataclass(frozen=True, slots=True)
class Known:
    """A key that AWS documents."""

    family: str
    many: bool
    always: bool
    of_principal: bool


@lru_cache(maxsize=8192)
def known(key: str) -> Known | None:
    """Return what is known of a key (in lower case); None: nothing."""
    found = global_key(key)
    if found is not None:
        always = found.presence == "always"
        return Known(found.type, found.many, always, found.of_principal)
    if key in SESSION_KEYS:
        return Known(SESSION_KEYS[key], False, False, True)
    kind = service_key(key)
    if kind is None:
        return None
    many = kind.startswith("ArrayOf")
    return Known(kind.removeprefix("ArrayOf"), many, False, False)


def of_provider(key: str) -> bool:
    """Whether the key is one of an identity provider (`token.example.com:sub`, `saml:aud`)."""
    prefix = key.rpartition(":")[0]
    return "." in prefix or "/" in prefix or prefix in _OF_PROVIDERS


def of_service(key: str) -> bool:
    """Whether the key's prefix is that of a service."""
    return key.partition(":")[0] in prefixes()
