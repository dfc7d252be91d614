"""Stored texts to policies in force. A text that cannot be read stops the decision."""

from __future__ import annotations

from collections.abc import Iterable

from landrail.localaws.layers.sources import NamedPolicy
from landrail.policy import DocumentKind, InvalidPolicy, PolicyInForce, parse_document


class Unreadable(Exception):
    """A policy in force cannot be understood, so nothing can be allowed under it."""

    def __init__(self, name: str, attached_to: str, why: str) -> None:
        super().__init__(f"the policy `{name}` of {attached_to} cannot be read: {why}")
        self.name = name
        self.attached_to = attached_to


def in_force(name: str, text: str, attached_to: str, kind: DocumentKind) -> PolicyInForce:
    """Return one policy; raises Unreadable."""
    try:
        return PolicyInForce(parse_document(text, kind=kind), name, attached_to)
    except InvalidPolicy as error:
        raise Unreadable(name, attached_to, str(error)) from error


def all_in_force(
    policies: Iterable[NamedPolicy], attached_to: str, kind: DocumentKind
) -> tuple[PolicyInForce, ...]:
    """Return several policies of one place; raises Unreadable."""
    return tuple(in_force(name, text, attached_to, kind) for name, text in policies)
