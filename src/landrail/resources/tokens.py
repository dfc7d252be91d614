"""Values known only after an apply, written as tokens inside plain texts and dictionaries.

A token looks like `@{account:retail-uat}`: it survives JSON, needs no classes in a template, and
its dependencies can be read off any document. AWS's own syntaxes (`${...}`, `{{resolve:...}}`)
never begin with `@{`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"@\{(account|organization|output):?([^}]*)\}")


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """A value to come: `kind` is `account` (name: the account's name), `organization` (no name) or
    `output` (name: `ACCOUNT/STACK/OUTPUT`)."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"@{{{self.kind}:{self.name}}}" if self.name else f"@{{{self.kind}}}"


def account_id(name: str) -> str:
    """Return the token for the 12-digit id of the account called `name`."""
    return str(Token("account", name))


def organization_id() -> str:
    """Return the token for the organization's id (`o-...`)."""
    return str(Token("organization", ""))


def output(account: str, stack: str, name: str) -> str:
    """Return the token for an output of a stack; it makes its user depend on that stack."""
    return str(Token("output", f"{account}/{stack}/{name}"))


def tokens(document: Any) -> Iterator[Token]:
    """Yield every token in a document of dictionaries, lists and texts, keys included."""
    if isinstance(document, str):
        for match in _TOKEN.finditer(document):
            yield Token(match[1], match[2])
    elif isinstance(document, Mapping):
        for key, value in document.items():
            yield from tokens(key)
            yield from tokens(value)
    elif isinstance(document, list | tuple):
        for value in document:
            yield from tokens(value)


def substitute(document: Any, values: Mapping[Token, str]) -> Any:
    """Return the document with every token that `values` knows replaced; others stay."""
    if isinstance(document, str):
        return _TOKEN.sub(lambda m: values.get(Token(m[1], m[2]), m[0]), document)
    if isinstance(document, Mapping):
        return {substitute(k, values): substitute(v, values) for k, v in document.items()}
    if isinstance(document, list | tuple):
        return [substitute(value, values) for value in document]
    return document
