"""The first start: one management account with one user, and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.store import Store, Tables
from landrail.localaws.store.beginner import BEGINNING, USER

_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The management account, and the access key of its user."""

    account: str
    access_key_id: str
    secret_access_key: str


def bootstrap(store: Store, tables: Tables) -> Bootstrap:
    """Return the management account, made at the first start."""
    table = tables.table(BEGINNING)
    kept = table.get("management")
    if kept is None:
        account = table.get("account") or str(secrets.randbelow(9 * 10**11) + 10**11)
        table.put("account", value=account)
        kept = _create(store, account)
        table.put("management", value=kept)
    return Bootstrap(**kept)


def _create(store: Store, account: str) -> dict[str, str]:
    def iam(operation: str, **params: str) -> dict[str, dict[str, str]]:
        return store.execute(account, "us-east-1", "iam", operation, params)

    # A first start may have ended half-way; the secret of a key made then is lost.
    try:
        iam("CreateUser", UserName=USER)
    except ApiError as error:
        if error.code != "EntityAlreadyExists":
            raise
    listed: Any = iam("ListAccessKeys", UserName=USER)
    for lost in listed["AccessKeyMetadata"]:
        iam("DeleteAccessKey", UserName=USER, AccessKeyId=lost["AccessKeyId"])
    iam("AttachUserPolicy", UserName=USER, PolicyArn=_POLICY)
    key = iam("CreateAccessKey", UserName=USER)["AccessKey"]
    return {
        "account": account,
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
    }
