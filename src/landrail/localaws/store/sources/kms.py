"""Keys: policy, grants, aliases, and which key a name means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.store.peek import backend


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant on a key."""

    grant_id: str
    grantee: str
    operations: tuple[str, ...]
    context_equals: Mapping[str, str] | None
    context_subset: Mapping[str, str] | None
    source_arn: str | None
    retiring: str | None


def _key(account: str, region: str, key: str) -> Any | None:
    """Find a key by id, ARN, alias name or alias ARN; an ARN says where it is itself."""
    if key.startswith("arn:"):
        parts = key.split(":", 5)
        if len(parts) != 6:
            return None
        region, account, key = parts[3], parts[4], parts[5]
    kms = backend("kms", account, region)
    if kms is None:
        return None
    if key.startswith("alias/"):
        return next((found for found in kms.keys.values() if key in found.aliases), None)
    return kms.keys.get(key.removeprefix("key/"))


def arn(account: str, region: str, key: str) -> str | None:
    """Return a key's ARN."""
    found = _key(account, region, key)
    return None if found is None else str(found.arn)


def policy(account: str, region: str, key: str) -> str | None:
    """Return a key's policy."""
    found = _key(account, region, key)
    return None if found is None else str(found.policy)


def grants(account: str, region: str, key: str) -> tuple[Grant, ...]:
    """Return the grants on a key."""
    found = _key(account, region, key)
    if found is None:
        return ()
    return tuple(
        Grant(
            grant.id,
            grant.grantee_principal,
            tuple(grant.operations or ()),
            (grant.constraints or {}).get("EncryptionContextEquals"),
            (grant.constraints or {}).get("EncryptionContextSubset"),
            (grant.constraints or {}).get("SourceArn"),
            grant.retiring_principal or None,
        )
        for grant in found.grants.values()
    )


def aliases(account: str, region: str, key: str) -> tuple[str, ...]:
    """Return a key's aliases."""
    found = _key(account, region, key)
    return () if found is None else tuple(found.aliases)


def facts(key: str) -> Mapping[str, str]:
    """Return what a key is, by the names of condition keys."""
    found = _key("", "", key) if key.startswith("arn:") else None
    if found is None:
        return {}
    return {
        "KeySpec": str(found.key_spec),
        "KeyUsage": str(found.key_usage),
        "KeyOrigin": str(found.origin),
        "MultiRegion": "true" if found.multi_region else "false",
    }


def tags(account: str, region: str, key: str) -> Mapping[str, str]:
    """Return a key's tags."""
    found = _key(account, region, key)
    kms = None if found is None else backend("kms", found.account_id, found.region)
    if found is None or kms is None:
        return {}
    kept: Mapping[str, str] = kms.tagger.get_tag_dict_for_resource(found.id)
    return kept
