"""The elements of a statement, each from AWS's many spellings to one tuple.

Each function adds to the list of problems it is given and returns what it could read; the caller
makes no statement where there was a problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from landrail.diagnostics import Diagnostic, nearest
from landrail.policy.document import ConditionTest, PrincipalEntry, PrincipalType
from landrail.policy.operators import NULL, OPERATORS

Problems = list[Diagnostic]

_ACTION = re.compile(r"(\*|\*:\*|[A-Za-z0-9-]+:[^:]*)\Z", re.DOTALL)
"""What IAM stores: a service and one colon. A name that no action has fits none; lints say so."""
_ACCOUNT = re.compile(r"\d{12}\Z")
_PRINCIPAL_ARN = re.compile(
    r"arn:aws[a-z-]*:(iam::\d{12}:(root|(user|role)/[^*?]+)"
    r"|sts::\d{12}:(assumed-role|federated-user)/[^*?]+)\Z"
)
_ORIGIN_ACCESS = re.compile(
    r"arn:aws[a-z-]*:iam::cloudfront:user/CloudFront Origin Access Identity [A-Z0-9]+\Z"
)
_UNIQUE_ID = re.compile(r"A(ROA|IDA|GPA|NPA|NVA|SIA)[A-Z0-9]{4,}\Z")
_SERVICE = re.compile(r"[A-Za-z0-9_.-]+\.amazonaws\.com(\.cn)?\Z|[a-z0-9-]+\.amazon\.com\Z")
_TYPES: Mapping[str, PrincipalType] = {
    "AWS": "AWS",
    "Service": "Service",
    "Federated": "Federated",
    "CanonicalUser": "CanonicalUser",
}
_QUANTIFIERS: Mapping[str, Literal["ForAllValues", "ForAnyValue"]] = {
    "forallvalues": "ForAllValues",
    "foranyvalue": "ForAnyValue",
}
_BY_LOWER = {name.lower(): name for name in OPERATORS}
_IF_EXISTS = "ifexists"


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
        kind = _TYPES.get(key)
        if kind is None:
            problems.append(
                Diagnostic(f"unknown kind of principal `{key}` in `{path}`", _did_you_mean(key))
            )
            continue
        for text in strings(listed, f"{path}.{key}", problems):
            _check_principal(kind, text, f"{path}.{key}", problems)
            entries.append(PrincipalEntry(kind, text))
    return tuple(entries)


def _did_you_mean(key: str) -> str:
    near = nearest(key, [t.lower() for t in _TYPES])
    found = next((t for t in _TYPES if t.lower() == near), None)
    return f"did you mean `{found}`?" if found else f"known: {', '.join(_TYPES)}"


def _check_principal(kind: PrincipalType, text: str, path: str, problems: Problems) -> None:
    if kind == "AWS":
        known = (_ACCOUNT, _PRINCIPAL_ARN, _UNIQUE_ID, _ORIGIN_ACCESS)
        fits = text == "*" or any(p.match(text) for p in known)
    elif kind == "Service":
        fits = _SERVICE.match(text) is not None
    else:
        fits = bool(text) and "*" not in text
    if not fits:
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
    prefix, _, bare = written.rpartition(":")
    quantifier = _QUANTIFIERS.get(prefix.lower()) if prefix else None
    lowered = bare.lower()
    if_exists = lowered.endswith(_IF_EXISTS) and lowered != _IF_EXISTS
    name = _BY_LOWER.get(lowered.removesuffix(_IF_EXISTS) if if_exists else lowered)
    if name is None or (prefix and quantifier is None):
        near = nearest(bare, _BY_LOWER)
        remedy = f"did you mean `{_BY_LOWER[near]}`?" if near else None
        problems.append(Diagnostic(f"unknown condition operator `{written}`", remedy))
        return []
    if name == NULL and (if_exists or quantifier):
        problems.append(Diagnostic(f"`{written}`: `Null` takes neither prefix nor `IfExists`"))
        return []
    if not isinstance(keys, Mapping) or not keys:
        problems.append(Diagnostic(f"`{path}` is not an object of condition keys"))
        return []
    return [
        test
        for key, listed in _once(keys, path, problems)
        if (test := _test(name, if_exists, quantifier, key, listed, path, problems))
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
    if_exists: bool,
    quantifier: Literal["ForAllValues", "ForAnyValue"] | None,
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
    test = ConditionTest(name, key, values, if_exists, quantifier)
    try:
        OPERATORS[name].test(values, True)
    except ValueError as error:
        problems.append(Diagnostic(f"`{path}.{key}`: {error}"))
        return None
    return test
