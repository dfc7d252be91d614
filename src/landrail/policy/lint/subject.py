"""A policy as the checks see it: its statements, leniently read, each part with its place.

What is well formed is here even where something beside it is not, so that all mistakes are found
at once. Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from landrail.policy.document import DocumentKind
from landrail.policy.lint.jsontext import Node
from landrail.policy.operator_names import Quantifier, read_operator
from landrail.policy.operators import OPERATORS, Operator


@dataclass(frozen=True, slots=True)
class Test:
    """One operator applied to one key; `operator` is None where the written one is unknown."""

    written: str
    operator: Operator | None
    quantifier: Quantifier | None
    if_exists: bool
    key: str
    key_at: Node
    operator_at: Node
    values: tuple[tuple[str, Node], ...]

    @property
    def lower(self) -> str:
        """The key as it is compared."""
        return self.key.lower()

    @property
    def name(self) -> str:
        """The operator's bare name, empty where it is unknown."""
        return self.operator.name if self.operator else ""


@dataclass(frozen=True)
class Part:
    """One statement, as far as it can be read."""

    number: int
    node: Node

    def element(self, name: str) -> tuple[str, Node] | None:
        """Return the element `name` or its negation, with the one that stands there."""
        for key in (name, f"Not{name}"):
            node = self.node.get(key)
            if node is not None:
                return key, node
        return None

    def _texts(self, name: str) -> tuple[tuple[str, Node], ...]:
        found = self.element(name)
        return tuple((str(n.value), n) for n in found[1].texts()) if found else ()

    @property
    def effect(self) -> str:
        """`Allow`, `Deny`, or what stands there."""
        node = self.node.get("Effect")
        return str(node.value) if node is not None else ""

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.effect == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it is a Deny."""
        return self.effect == "Deny"

    @cached_property
    def actions(self) -> tuple[tuple[str, Node], ...]:
        """The patterns of `Action` or `NotAction`."""
        return self._texts("Action")

    @cached_property
    def resources(self) -> tuple[tuple[str, Node], ...]:
        """The patterns of `Resource` or `NotResource`."""
        return self._texts("Resource")

    @property
    def not_action(self) -> bool:
        """Whether the actions are those of `NotAction`."""
        return self.node.get("Action") is None and self.node.get("NotAction") is not None

    @property
    def not_resource(self) -> bool:
        """Whether the resources are those of `NotResource`."""
        return self.node.get("Resource") is None and self.node.get("NotResource") is not None

    @cached_property
    def principals(self) -> tuple[tuple[str, str, Node], ...]:
        """The principals as type (`*` for the bare one), text and place."""
        found = self.element("Principal")
        if found is None:
            return ()
        node = found[1]
        if node.kind == "string":
            return (("*", str(node.value), node),)
        return tuple(
            (str(key.value), str(text.value), text)
            for key, value in node.members
            for text in value.texts()
        )

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """The condition, one test for each operator and key."""
        condition = self.node.get("Condition")
        return tuple(_tests(condition)) if condition is not None else ()

    @cached_property
    def tested(self) -> frozenset[str]:
        """The condition keys it tests, as they are compared."""
        return frozenset(test.lower for test in self.tests)


@dataclass(frozen=True)
class Subject:
    """A policy text to check; `root` is None where it is no JSON object."""

    text: str
    kind: DocumentKind
    root: Node | None
    size_limit: int | None = None

    @cached_property
    def version(self) -> str | None:
        """The version as written."""
        node = self.root.get("Version") if self.root else None
        return str(node.value) if node is not None else None

    @property
    def variables(self) -> bool:
        """Whether `${...}` is a variable."""
        return self.version == "2012-10-17"

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its statements that are objects."""
        node = self.root.get("Statement") if self.root else None
        if node is None:
            return ()
        items = node.items if node.kind == "array" else (node,)
        return tuple(Part(n, item) for n, item in enumerate(items, 1) if item.kind == "object")


def _tests(condition: Node) -> Iterator[Test]:
    for operator_at, keys in condition.members:
        written = str(operator_at.value)
        found = read_operator(written)
        for key_at, listed in keys.members:
            yield Test(
                written=written,
                operator=OPERATORS[found.name] if found.name else None,
                quantifier=found.quantifier,
                if_exists=found.if_exists,
                key=str(key_at.value),
                key_at=key_at,
                operator_at=operator_at,
                values=tuple(_values(listed)),
            )


def _values(listed: Node) -> Iterator[tuple[str, Node]]:
    for node in listed.items if listed.kind == "array" else (listed,):
        if node.kind == "boolean":
            yield ("true" if node.value else "false"), node
        elif node.kind in ("string", "number"):
            yield str(node.value), node
