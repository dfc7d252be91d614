"""The elements of a statement, each from AWS's many spellings to one tuple.

Each function adds to the list of problems it is given and returns what it could read; the caller
makes no statement where there was a problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from landrail.diagnostics import Diagnostic
from landrail.policy.document import ConditionTest, PrincipalEntry, PrincipalType
from landrail.policy.operator_names import OperatorName, operator_meant, read_operator
from landrail.policy.operators import NULL, OPERATORS
from landrail.policy.principal_names import PRINCIPAL_TYPES, names_somebody, type_meant

Problems = list[Diagnostic]

_ACTION = re.compile(r"(\*|\*:\*|[A-Za-z0-9-]+:[^:]*)\Z", re.DOTALL)
"""What IAM stores: a service and one colon. A name that no action has fits none; lints say so."""


def strings(value: Any, path: str, problems: Problems, *, scalars: bool = False) -> tuple[str, ...]:
    """Return one text or a list of them as a tuple; `scalars` takes numbers and booleans too."""
    items = list(value) if isinstance(value, list | tuple) else [value]
    if not items:
        problems.append(Diagnostic(f"`{path}` is an empty list", "give at least one value"))
    texts: list[str] = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        elif scalars and isinstance(item, bool):
            texts.append("true" if item else "false")
        elif scalars and isinstance(item, int | float):
            texts.append(str(item))
        else:
            problems.append(Diagnostic(f"`{path}` holds {item!r}, which is not text"))
    return tuple(texts)


def actions_of(value: Any, path: str, problems: Problems) -> tuple[str, ...]:
    """Read `Action` or `NotAction`."""
    actions = strings(value, path, problems)
    for action in actions:
        if not _ACTION.match(action):
            problems.append(
                Diagnostic(
                    f"`{path}` holds `{action}`, which is not an action",
                    "write `service:Name`; wildcards only in the name, or `*` alone",
                )
            )
    return actions


def resources_of(value: Any, path: str, problems: Problems) -> tuple[str, ...]:
    """Read `Resource` or `NotResource`."""
    resources = strings(value, path, problems)
    for resource in resources:
        if not (resource == "*" or resource.startswith("arn:")):
            problems.append(
                Diagnostic(f"`{path}` holds `{resource}`, which is not an ARN", "or write `*`")
            )
    return resources


def principals_of(value: Any, path: str, problems: Problems) -> tuple[PrincipalEntry, ...]:
    """Read `Principal` or `NotPrincipal`."""
    if value == "*":
        return (PrincipalEntry("*", "*"),)
    if not isinstance(value, Mapping) or not value:
        problems.append(
            Diagnostic(f"`{path}` is neither `*` nor an object", 'write {"AWS": "..."}')
        )
        return ()
    entries: list[PrincipalEntry] = []
    for key, listed in value.items():
        kind = PRINCIPAL_TYPES.get(key)
        if kind is None:
            problems.append(
                Diagnostic(f"unknown kind of principal `{key}` in `{path}`", type_meant(key))
            )
            continue
        for text in strings(listed, f"{path}.{key}", problems):
            _check_principal(kind, text, f"{path}.{key}", problems)
            entries.append(PrincipalEntry(kind, text))
    return tuple(entries)


def _check_principal(kind: PrincipalType, text: str, path: str, problems: Problems) -> None:
    if not names_somebody(kind, text):
        problems.append(
            Diagnostic(
                f"`{path}` holds `{text}`, which names no principal",
                "wildcards stand alone or not at all; accounts have 12 digits",
            )
        )


def conditions_of(value: Any, path: str, problems: Problems) -> tuple[ConditionTest, ...]:
    """Read `Condition`: one test for each operator and key."""
    if not isinstance(value, Mapping):
        problems.append(Diagnostic(f"`{path}` is not an object"))
        return ()
    tests: list[ConditionTest] = []
    for operator, keys in value.items():
        tests.extend(_operator(str(operator), keys, f"{path}.{operator}", problems))
    return tuple(tests)


def _operator(written: str, keys: Any, path: str, problems: Problems) -> list[ConditionTest]:
    found = read_operator(written)
    if found.name is None:
        remedy = operator_meant(written)
        problems.append(Diagnostic(f"unknown condition operator `{written}`", remedy))
        return []
    if found.name == NULL and (found.if_exists or found.quantifier):
        problems.append(Diagnostic(f"`{written}`: `Null` takes neither prefix nor `IfExists`"))
        return []
    if not isinstance(keys, Mapping) or not keys:
        problems.append(Diagnostic(f"`{path}` is not an object of condition keys"))
        return []
    return [
        test
        for key, listed in _once(keys, path, problems)
        if (test := _test(found.name, found, key, listed, path, problems))
    ]


def _once(keys: Mapping[str, Any], path: str, problems: Problems) -> list[tuple[str, Any]]:
    """Condition keys are compared without case, so two spellings of one key are one key twice."""
    seen: set[str] = set()
    for key in keys:
        if str(key).lower() in seen:
            problems.append(Diagnostic(f"the key `{key}` stands twice in `{path}`"))
        seen.add(str(key).lower())
    return [(str(key), listed) for key, listed in keys.items()]


def _test(
    name: str,
    written: OperatorName,
    key: str,
    listed: Any,
    path: str,
    problems: Problems,
) -> ConditionTest | None:
    before = len(problems)
    values = strings(listed, f"{path}.{key}", problems, scalars=True)
    if not key.strip():
        problems.append(Diagnostic(f"`{path}` has an empty condition key"))
    if len(problems) > before:
        return None
    test = ConditionTest(name, key, values, written.if_exists, written.quantifier)
    try:
        OPERATORS[name].test(values, True)
    except ValueError as error:
        problems.append(Diagnostic(f"`{path}.{key}`: {error}"))
        return None
    return test
