"""The grammar of the IAM JSON policy language: what every kind of policy must be.

What stands here AWS refuses to store. Rules that differ by kind are in `places`, sizes in `sizes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.diagnostics import nearest
from landrail.policy.lint.finding import Found
from landrail.policy.lint.jsontext import BadJson, Node, read
from landrail.policy.lint.subject import Part, Subject, Test
from landrail.policy.operator_names import operator_meant
from landrail.policy.parse import DOCUMENT, STATEMENT, VERSIONS

_EFFECTS = "write `Allow` or `Deny`"
_ACTION = re.compile(r"(\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?_-]+)\Z")


def invalid_json(subject: Subject) -> Iterator[Found]:
    """A text that is not JSON."""
    try:
        read(subject.text)
    except BadJson as error:
        yield Found(error.at, f"the policy is not valid JSON: {error.summary}")


def not_an_object(subject: Subject) -> Iterator[Found]:
    """JSON that is no object."""
    if subject.root is not None and subject.root.kind != "object":
        yield Found(subject.root, "a policy is a JSON object", 'begin it with {"Version"')


def duplicate_key(subject: Subject) -> Iterator[Found]:
    """The same key twice in one object."""
    yield from _duplicates(subject.root) if subject.root else ()


def _duplicates(node: Node) -> Iterator[Found]:
    seen: set[object] = set()
    for key, value in node.members:
        if key.value in seen:
            yield Found(key, f"the key `{key.value}` stands twice", "keep one of them")
        seen.add(key.value)
        yield from _duplicates(value)
    for item in node.items:
        yield from _duplicates(item)


def unknown_element(subject: Subject) -> Iterator[Found]:
    """An element that the language does not have."""
    if subject.root is not None:
        yield from _unknown(subject.root, DOCUMENT, "the policy")
    for part in subject.parts:
        yield from _unknown(part.node, STATEMENT, f"statement {part.number}")


def _unknown(node: Node, names: tuple[str, ...], where: str) -> Iterator[Found]:
    folded = {name.lower(): name for name in names}
    for key, _ in node.members:
        if key.value not in names:
            near = nearest(str(key.value), folded)
            remedy = f"did you mean `{folded[near]}`?" if near else f"known: {', '.join(names)}"
            yield Found(key, f"unknown element `{key.value}` in {where}", remedy)


def bad_version(subject: Subject) -> Iterator[Found]:
    """A version that the language does not have."""
    node = subject.root.get("Version") if subject.root else None
    if node is not None and node.value not in VERSIONS:
        yield Found(node, f"`Version` is `{node.value}`", f"write {VERSIONS[0]}")


def bad_id(subject: Subject) -> Iterator[Found]:
    """An `Id` that is no text."""
    node = subject.root.get("Id") if subject.root else None
    if node is not None and node.kind != "string":
        yield Found(node, "`Id` is not text")


def missing_statement(subject: Subject) -> Iterator[Found]:
    """A policy without statements, or with something else in their place."""
    root = subject.root
    if root is None or root.kind != "object":
        return
    node = root.get("Statement")
    if node is None or (node.kind == "array" and not node.items):
        yield Found(node or root, "`Statement` is missing or empty", "write at least one statement")
        return
    for number, item in enumerate(node.items if node.kind == "array" else (node,), 1):
        if item.kind != "object":
            yield Found(item, f"statement {number} is not an object")


def bad_effect(subject: Subject) -> Iterator[Found]:
    """An effect other than `Allow` and `Deny`, or none."""
    for part in subject.parts:
        node = part.node.get("Effect")
        if node is None:
            yield Found(part.node, f"statement {part.number} has no `Effect`", _EFFECTS)
        elif node.value not in ("Allow", "Deny"):
            yield Found(node, f"`Effect` is `{node.value}`", _EFFECTS)


def bad_sid(subject: Subject) -> Iterator[Found]:
    """A `Sid` that is no text."""
    for part in subject.parts:
        node = part.node.get("Sid")
        if node is not None and node.kind != "string":
            yield Found(node, "`Sid` is not text")


def duplicate_sid(subject: Subject) -> Iterator[Found]:
    """Two statements with one `Sid`."""
    seen: set[object] = set()
    for part in subject.parts:
        node = part.node.get("Sid")
        if node is not None and node.value:
            if node.value in seen:
                yield Found(node, f"the Sid `{node.value}` stands twice", "give each its own")
            seen.add(node.value)


def both_elements(subject: Subject) -> Iterator[Found]:
    """An element and its negation in one statement."""
    for part in subject.parts:
        for name in ("Action", "Resource", "Principal"):
            negated = part.node.get(f"Not{name}")
            if negated is not None and part.node.get(name) is not None:
                said = f"statement {part.number} has both `{name}` and `Not{name}`"
                yield Found(negated, said, "keep one of them")


def missing_action(subject: Subject) -> Iterator[Found]:
    """A statement that says nothing about actions."""
    for part in subject.parts:
        if part.element("Action") is None:
            said = f"statement {part.number} has no `Action`"
            yield Found(part.node, said, "add `Action` or `NotAction`")


def not_text(subject: Subject) -> Iterator[Found]:
    """Something else where a text or a list of texts belongs, or an empty list."""
    for part in subject.parts:
        for name in ("Action", "Resource"):
            found = part.element(name)
            if found:
                yield from _texts(found[1], f"`{found[0]}`")
        principal = part.element("Principal")
        if principal and principal[1].kind == "object":
            for key, value in principal[1].members:
                yield from _texts(value, f"`{principal[0]}.{key.value}`")


def _texts(node: Node, where: str) -> Iterator[Found]:
    if node.kind == "array" and not node.items:
        yield Found(node, f"{where} is an empty list", "give at least one value")
    for item in node.items if node.kind == "array" else (node,):
        if item.kind != "string":
            yield Found(item, f"{where} holds something that is not text")


def bad_action(subject: Subject) -> Iterator[Found]:
    """An action that is not `service:Name`."""
    for part in subject.parts:
        for action, node in part.actions:
            if not _ACTION.match(action):
                remedy = "write `service:Name`; wildcards only in the name, or `*` alone"
                yield Found(node, f"`{action}` is not an action", remedy)


def bad_resource(subject: Subject) -> Iterator[Found]:
    """A resource that is no ARN."""
    for part in subject.parts:
        for resource, node in part.resources:
            if resource != "*" and not resource.startswith("arn:"):
                yield Found(node, f"`{resource}` is not an ARN", "or write `*`")


def bad_condition(subject: Subject) -> Iterator[Found]:
    """A condition that is not an object of operators, keys and values."""
    for part in subject.parts:
        condition = part.node.get("Condition")
        if condition is None:
            continue
        if condition.kind != "object":
            yield Found(condition, "`Condition` is not an object")
        for operator, keys in condition.members:
            if keys.kind != "object" or not keys.members:
                said = f"`{operator.value}` is not an object of condition keys"
                yield Found(keys, said, "write the key and its value in it")
            for key, listed in keys.members:
                yield from _values(key, listed)


def _values(key: Node, listed: Node) -> Iterator[Found]:
    if not str(key.value).strip():
        yield Found(key, "the condition key is empty")
    if listed.kind == "array" and not listed.items:
        yield Found(listed, f"`{key.value}` has an empty list", "give at least one value")
    for item in listed.items if listed.kind == "array" else (listed,):
        if item.kind not in ("string", "number", "boolean"):
            yield Found(item, f"`{key.value}` holds something that is not text")


def duplicate_condition_key(subject: Subject) -> Iterator[Found]:
    """Two spellings of one condition key under one operator: keys are compared without case."""
    for part in subject.parts:
        seen: dict[tuple[int, str], str] = {}
        for test in part.tests:
            place = (test.operator_at.at, test.lower)
            before = seen.setdefault(place, test.key)
            if before != test.key:
                said = f"`{test.key}` and `{before}` are one condition key"
                yield Found(test.key_at, said, "put their values into one list")


def unknown_operator(subject: Subject) -> Iterator[Found]:
    """A condition operator that the language does not have."""
    for test in _once(subject):
        if test.operator is None:
            remedy = operator_meant(test.written)
            yield Found(test.operator_at, f"unknown condition operator `{test.written}`", remedy)


def null_with_more(subject: Subject) -> Iterator[Found]:
    """`Null` with `IfExists` or a set operator."""
    for test in _once(subject):
        if test.name == "Null" and (test.if_exists or test.quantifier):
            said = f"`{test.written}`: `Null` takes neither prefix nor `IfExists`"
            yield Found(test.operator_at, said, "write `Null`")


def _once(subject: Subject) -> Iterator[Test]:
    """Yield one test for each operator as written."""
    for part in subject.parts:
        seen: set[int] = set()
        for test in part.tests:
            if test.operator_at.at not in seen:
                seen.add(test.operator_at.at)
                yield test


def bad_condition_value(subject: Subject) -> Iterator[Found]:
    """A value that its operator cannot read: no number, date, address, or truth."""
    for part in subject.parts:
        for test in part.tests:
            if test.operator is None or (test.name == "Null" and test.quantifier):
                continue
            for value, node in test.values:
                try:
                    test.operator.test((value,), True)
                except ValueError as error:
                    yield Found(node, f"`{test.key}`: {error}", "no such value can match")


def not_principal_allows(subject: Subject) -> Iterator[Found]:
    """`Allow` with `NotPrincipal`."""
    for part in subject.parts:
        node = part.node.get("NotPrincipal")
        if node is not None and part.allows:
            said = f"statement {part.number} allows everybody but some with `NotPrincipal`"
            yield Found(node, said, "name those who may with `Principal`")


def everything(part: Part) -> bool:
    """Whether the statement is about every action there is."""
    return any(action in ("*", "*:*") for action, _ in part.actions) and not part.not_action
