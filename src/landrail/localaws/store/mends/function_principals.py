"""Who may call a function, as Lambda writes it into the policy: an account as its root user, a role
or user as a principal of AWS's; moto leaves both as bare texts, which no policy may hold.

Each touched internal has a test that fails when moto changes it.
"""

from __future__ import annotations

import re
from typing import Any

from moto.awslambda.policy import Policy

_FORMATTED = Policy.principal_formatter
_ACCOUNT = re.compile(r"\d{12}")
_IDENTITY = re.compile(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:.+")


def _formatted(policy: Policy, given: Any) -> Any:
    if isinstance(given, str) and _ACCOUNT.fullmatch(given):
        return {"AWS": f"arn:aws:iam::{given}:root"}
    if isinstance(given, str) and _IDENTITY.fullmatch(given):
        return {"AWS": given}
    return _FORMATTED(policy, given)


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((Policy, "principal_formatter", _formatted),)
