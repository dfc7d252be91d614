"""Checks of policy variables: in the wrong version, in the wrong place, of an unknown key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.policy.lint.arns import fields
from landrail.policy.lint.finding import Found
from landrail.policy.lint.jsontext import Node
from landrail.policy.lint.keys import each
from landrail.policy.lint.known import known, of_provider
from landrail.policy.lint.subject import Subject

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_SPECIAL = frozenset({"*", "?", "$"})
_DEFAULT = re.compile(r"\s*([^,\s]+)\s*,\s*'[^']*'\s*\Z")
_TAKES = ("String", "Arn", "Bool")
_RESOURCE_FIELD = 5


def _places(subject: Subject) -> Iterator[tuple[str, Node]]:
    """Yield every text in which variables may stand."""
    for part in subject.parts:
        yield from part.resources
        for test in part.tests:
            yield from test.values


def variable_in_old_version(subject: Subject) -> Iterator[Found]:
    """`${...}` where the version does not have variables."""
    if subject.root is None or subject.variables:
        return
    for text, node in _places(subject):
        if _VARIABLE.search(text):
            said = f"`{text}` is taken letter by letter: variables need version 2012-10-17"
            yield Found(node, said, 'write "Version": "2012-10-17"')


def unknown_variable(subject: Subject) -> Iterator[Found]:
    """A variable of a key that is not known."""
    if not subject.variables:
        return
    for text, node in _places(subject):
        for found in _VARIABLE.finditer(text):
            inside = found[1]
            default = _DEFAULT.match(inside)
            key = (default[1] if default else inside.strip()).lower()
            if inside in _SPECIAL or known(key) or of_provider(key):
                continue
            remedy = "variables are condition keys, such as ${aws:username}"
            yield Found(node, f"there is no variable `{found[0]}`", remedy)


def many_valued_variable(subject: Subject) -> Iterator[Found]:
    """A variable of a key that has many values, which has none as text."""
    if not subject.variables:
        return
    for text, node in _places(subject):
        for found in _VARIABLE.finditer(text):
            about = known(found[1].strip().lower())
            if about is not None and about.many:
                said = f"`{found[0]}` has many values and cannot stand in a text"
                yield Found(node, said, "use a key of one value")


def misplaced_variable(subject: Subject) -> Iterator[Found]:
    """A variable where AWS does not put a value in: actions, principals, the head of an ARN."""
    if not subject.variables:
        return
    for part in subject.parts:
        for principal in part.principals:
            if _VARIABLE.search(principal[1]):
                yield Found(principal[2], "a principal takes no variables", "name the principal")
        for text, node in part.resources:
            head = fields(text)[:_RESOURCE_FIELD]
            if any(_VARIABLE.search(field) for field in head):
                said = f"`{text}` has a variable before its fifth colon"
                yield Found(node, said, "variables stand in the last field of an ARN only")
    for _, test in each(subject):
        if test.operator is not None and not test.name.startswith(_TAKES):
            for text, node in test.values:
                if _VARIABLE.search(text):
                    said = f"`{test.written}` takes no variables"
                    yield Found(node, said, "use an operator of strings or ARNs")


def unfinished_variable(subject: Subject) -> Iterator[Found]:
    """A variable that is not well formed: `${` without `}`, nothing or spaces inside, a default
    without quotes."""
    if not subject.variables:
        return
    for text, node in _places(subject):
        if "${" in _VARIABLE.sub("", text):
            yield Found(node, f"the variable in `{text}` does not end", "close it with `}`")
        for found in _VARIABLE.finditer(text):
            inside = found[1]
            if _DEFAULT.match(inside) and not inside.startswith(" "):
                continue
            if not inside.strip() or inside != inside.strip() or "," in inside:
                remedy = "write ${key}, or ${key, 'default'}"
                yield Found(node, f"the variable `{found[0]}` is not well formed", remedy)
