"""A policy document as values: statements with their elements in one form.

What AWS lets one write in several ways (a string or a list, one statement or many) is one way
here. A Document is made by `parse_document` alone, so that every element in it is understood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Effect = Literal["Allow", "Deny"]
DocumentKind = Literal[
    "any", "identity", "boundary", "session", "resource", "trust", "scp", "rcp", "endpoint"
]
PrincipalType = Literal["*", "AWS", "Service", "Federated", "CanonicalUser"]


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One principal as a statement names it; `type` is `*` for the bare `"Principal": "*"`."""

    type: PrincipalType
    value: str


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """One operator applied to one key: `operator` is the bare name (`StringEquals`), `quantifier`
    one of `ForAllValues`, `ForAnyValue` or None, `key` as written."""

    operator: str
    key: str
    values: tuple[str, ...]
    if_exists: bool = False
    quantifier: Literal["ForAllValues", "ForAnyValue"] | None = None

    @property
    def name(self) -> str:
        """The operator as written in the policy, with its prefix and suffix."""
        prefix = f"{self.quantifier}:" if self.quantifier else ""
        return f"{prefix}{self.operator}{'IfExists' if self.if_exists else ''}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `principals` and `resources` are None where the element is absent; the
    `not_*` flags say that the element is the negated one. `number` counts from 1."""

    number: int
    sid: str | None
    effect: Effect
    actions: tuple[str, ...]
    not_action: bool = False
    resources: tuple[str, ...] | None = None
    not_resource: bool = False
    principals: tuple[PrincipalEntry, ...] | None = None
    not_principal: bool = False
    conditions: tuple[ConditionTest, ...] = ()

    @property
    def label(self) -> str:
        """How reasons name it: its Sid, or its place."""
        return f"`{self.sid}`" if self.sid else str(self.number)


@dataclass(frozen=True)
class Document:
    """A parsed policy document. `variables` says whether `${...}` is one (Version 2012-10-17)."""

    kind: DocumentKind
    version: str
    statements: tuple[Statement, ...]
    id: str | None = None
    variables: bool = field(default=True)
    compiled: Any = field(default=None, init=False, repr=False, compare=False)
    """The `Program` made of it or None, kept here so that it is made once; not part of the value.
    Of no type here, because programs stand on documents."""
