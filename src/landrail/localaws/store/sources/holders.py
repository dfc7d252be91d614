"""The policies of one user, role or group, its own and those attached, apart."""

from __future__ import annotations

from typing import Any

from landrail.localaws.store.peek import backend


def exists(account: str) -> bool:
    """Whether this is an account of this local AWS: one of the organization, or one with IAM."""
    iam = backend("iam", account)
    return iam is not None and bool(iam.roles or iam.users)


def inline(account: str, kind: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return the inline policies of a holder by name."""
    holder = find(account, kind, name)
    if holder is None:
        return ()
    return tuple((str(key), str(text)) for key, text in holder.policies.items())


def attached(account: str, kind: str, name: str) -> tuple[str, ...]:
    """Return the ARNs of the managed policies attached to a holder."""
    holder = find(account, kind, name)
    return () if holder is None else tuple(str(arn) for arn in holder.managed_policies)


def find(account: str, kind: str, name: str) -> Any:
    """Return moto's user, role or group of this name, None where there is none."""
    iam = backend("iam", account)
    if iam is None:
        return None
    holders = {"role": iam.roles, "user": iam.users, "group": iam.groups}[kind]
    return next((found for found in holders.values() if found.name == name), None)
