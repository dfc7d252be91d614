"""Accounts, as IAM sees them: the root user and the password policy."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask, or_none
from landrail.inventory.describing import plain
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    summary = ask("iam", "GetAccountSummary")["SummaryMap"]
    answer = or_none(ask, "NoSuchEntity", "iam", "GetAccountPasswordPolicy") or {}
    policy = answer.get("PasswordPolicy") or {}
    yield {
        **account_row(ask),
        "root_mfa": bool(summary.get("AccountMFAEnabled")),
        "root_keys": bool(summary.get("AccountAccessKeysPresent")),
        "users": summary.get("Users"),
        "password_policy": bool(policy),
        "password_length": policy.get("MinimumPasswordLength"),
        "password_symbols": bool(policy.get("RequireSymbols")),
        "password_numbers": bool(policy.get("RequireNumbers")),
        "password_uppercase": bool(policy.get("RequireUppercaseCharacters")),
        "password_lowercase": bool(policy.get("RequireLowercaseCharacters")),
        "password_reuse": policy.get("PasswordReusePrevention"),
        "password_age": policy.get("MaxPasswordAge"),
        "configuration": {"summary": summary, "password_policy": plain(policy)},
    }


TABLE = Table(
    name="accounts_iam",
    resource_type="AWS::::Account",
    services=("iam",),
    columns=(
        Column("root_mfa", "boolean", "whether its root user has an MFA device"),
        Column("root_keys", "boolean", "whether its root user has access keys"),
        Column("users", "integer", "how many IAM users it has"),
        Column("password_policy", "boolean", "whether it has a password policy"),
        Column("password_length", "integer", "the least length of a password"),
        Column("password_symbols", "boolean", "whether a password needs a symbol"),
        Column("password_numbers", "boolean", "whether a password needs a digit"),
        Column("password_uppercase", "boolean", "whether a password needs an upper-case letter"),
        Column("password_lowercase", "boolean", "whether a password needs a lower-case letter"),
        Column("password_reuse", "integer", "how many passwords may not come again"),
        Column("password_age", "integer", "after how many days a password ends"),
    ),
    collect=_collect,
    reads=("iam:GetAccountPasswordPolicy", "iam:GetAccountSummary"),
    is_global=True,
)
