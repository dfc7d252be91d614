"""The values of tokens that are known before an apply, and stand-ins for those that are not."""

from __future__ import annotations

import hashlib
from typing import Any

from landrail.plan.observed import Observed
from landrail.resources import Token, substitute, tokens


def known_values(observed: Observed) -> dict[Token, str]:
    """Return every token value that can be read off what was observed."""
    values: dict[Token, str] = {}
    if observed.organization is not None:
        values[Token("organization", "")] = observed.organization.organization_id
    for name, account in observed.accounts.items():
        values[Token("account", name)] = account.account_id
    for account_name, contents in observed.contents.items():
        for stack in contents.stacks.values():
            for key, value in stack.outputs.items():
                values[Token("output", f"{account_name}/{stack.name}/{key}")] = value
    return values


def unknown_tokens(document: Any, values: dict[Token, str]) -> tuple[Token, ...]:
    """Return the tokens in a document that have no value yet, in order of appearance."""
    return tuple(dict.fromkeys(t for t in tokens(document) if t not in values))


def with_placeholders(document: Any, values: dict[Token, str]) -> Any:
    """Return the document with known tokens replaced and the others standing as values of the
    right shape, so that AWS can read a template before its last values are known."""
    stand_ins = {t: _placeholder(t) for t in unknown_tokens(document, values)}
    return substitute(document, {**values, **stand_ins})


def _placeholder(token: Token) -> str:
    number = int(hashlib.sha256(str(token).encode()).hexdigest(), 16)
    if token.kind == "account":
        return f"{number % 10**12:012d}"
    if token.kind == "organization":
        return f"o-{number % 10**10:010d}"
    return f"known-after-apply-{number % 10**8:08d}"
