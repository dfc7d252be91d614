"""From text (or a loaded mapping) to a Document; anything not understood is refused.

All mistakes are found at once and raised together as `InvalidPolicy`. An element, operator or
principal that this package does not know would make a decision a guess, so it is an error here and
never reaches the evaluator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.policy.document import Document, DocumentKind, Statement
from landrail.policy.elements import (
    Problems,
    actions_of,
    conditions_of,
    principals_of,
    resources_of,
)
from landrail.policy.kinds import check_kind

VERSIONS = ("2012-10-17", "2008-10-17")
DOCUMENT = ("Version", "Id", "Statement")
STATEMENT = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
"""The versions of the language, the newest first; the elements of a policy and of a statement."""


class InvalidPolicy(Mistakes):
    """A policy document that is not valid; one diagnostic for each mistake, each naming the path
    of the element (`Statement[2].Condition.StringLike`, counted from 1)."""


def parse_document(
    source: str | bytes | Mapping[str, Any], *, kind: DocumentKind = "any"
) -> Document:
    """Parse a policy document; raises InvalidPolicy.

    `kind` says what the document is used for: AWS forbids some elements in some kinds, and `any`
    leaves those rules out. Each document is parsed once (the result is remembered by its text and
    kind).
    """
    if isinstance(source, Mapping):
        try:
            text = json.dumps(source)
        except (TypeError, ValueError, RecursionError):
            return _document(source, kind)  # not what JSON can hold; said element by element
    else:
        text = source.decode() if isinstance(source, bytes) else source
    return _parse_text(text, kind)


@lru_cache(maxsize=4096)
def _parse_text(text: str, kind: DocumentKind) -> Document:
    try:
        loaded = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        raise InvalidPolicy([Diagnostic("the policy is nested too deeply")]) from None
    except _DuplicateKeyError as error:
        raise InvalidPolicy(
            [Diagnostic(f"the key `{error.args[0]}` stands twice", "keep one of them")]
        ) from None
    except ValueError as error:
        raise InvalidPolicy([Diagnostic(f"the policy is not valid JSON: {error}")]) from None
    return _document(loaded, kind)


class _DuplicateKeyError(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise _DuplicateKeyError(key)
        result[key] = value
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _document(loaded: Any, kind: DocumentKind) -> Document:
    problems: Problems = []
    if not isinstance(loaded, Mapping):
        raise InvalidPolicy([Diagnostic("a policy is a JSON object", 'begin it with {"Version"')])
    _known(loaded, DOCUMENT, "", problems)
    version = loaded.get("Version", "2008-10-17")
    if version not in VERSIONS:
        problems.append(Diagnostic(f"`Version` is `{version}`", f"write {VERSIONS[0]}"))
    policy_id = loaded.get("Id")
    if "Id" in loaded and not isinstance(policy_id, str):
        problems.append(Diagnostic("`Id` is not text"))
    statements = tuple(
        statement
        for number, item in enumerate(_statements(loaded, problems), 1)
        if (statement := _statement(number, item, problems)) is not None
    )
    _unique_sids(statements, problems)
    document = Document(
        kind=kind,
        version=str(version),
        statements=statements,
        id=policy_id if isinstance(policy_id, str) else None,
        variables=version == VERSIONS[0],
    )
    if not problems:
        check_kind(document, "Version" in loaded, problems)
    if problems:
        raise InvalidPolicy(problems)
    return document


def _statements(loaded: Mapping[str, Any], problems: Problems) -> list[Any]:
    statement = loaded.get("Statement")
    if isinstance(statement, Mapping):
        return [statement]
    if isinstance(statement, list | tuple) and statement:
        return list(statement)
    problems.append(Diagnostic("`Statement` is missing or empty", "write at least one statement"))
    return []


def _unique_sids(statements: tuple[Statement, ...], problems: Problems) -> None:
    seen: set[str] = set()
    for statement in statements:
        if statement.sid and statement.sid in seen:
            problems.append(
                Diagnostic(f"the Sid `{statement.sid}` stands twice", "give each its own")
            )
        seen.add(statement.sid or "")


def _statement(number: int, item: Any, problems: Problems) -> Statement | None:
    path = f"Statement[{number}]"
    if not isinstance(item, Mapping):
        problems.append(Diagnostic(f"`{path}` is not an object"))
        return None
    before = len(problems)
    _known(item, STATEMENT, path, problems)
    effect = item.get("Effect")
    if effect not in ("Allow", "Deny"):
        problems.append(
            Diagnostic(f"`{path}.Effect` is {_shown(effect)}", "write `Allow` or `Deny`")
        )
    sid = item.get("Sid")
    if "Sid" in item and not isinstance(sid, str):
        problems.append(Diagnostic(f"`{path}.Sid` is not text"))
    action = _either(item, "Action", path, problems, required=True)
    resource = _either(item, "Resource", path, problems)
    principal = _either(item, "Principal", path, problems)
    actions = actions_of(item.get(action), f"{path}.{action}", problems) if action else ()
    resources = resources_of(item[resource], f"{path}.{resource}", problems) if resource else None
    principals = (
        principals_of(item[principal], f"{path}.{principal}", problems) if principal else None
    )
    conditions = conditions_of(item.get("Condition", {}), f"{path}.Condition", problems)
    if principal == "NotPrincipal" and effect == "Allow":
        problems.append(
            Diagnostic(
                f"`{path}` allows everybody but some with `NotPrincipal`",
                "name those who may with `Principal`, or deny with `NotPrincipal`",
            )
        )
    if len(problems) > before or (effect != "Allow" and effect != "Deny"):
        return None
    return Statement(
        number=number,
        sid=sid or None,
        effect=effect,
        actions=actions,
        not_action=action == "NotAction",
        resources=resources,
        not_resource=resource == "NotResource",
        principals=principals,
        not_principal=principal == "NotPrincipal",
        conditions=conditions,
    )


def _either(
    item: Mapping[str, Any], name: str, path: str, problems: Problems, *, required: bool = False
) -> str | None:
    both = [key for key in (name, f"Not{name}") if key in item]
    if len(both) == 2:
        problems.append(
            Diagnostic(f"`{path}` has both `{name}` and `Not{name}`", "keep one of them")
        )
        return None
    if not both and required:
        problems.append(Diagnostic(f"`{path}` has no `{name}`", f"add `{name}` or `Not{name}`"))
    return both[0] if both else None


def _known(item: Mapping[str, Any], names: tuple[str, ...], path: str, problems: Problems) -> None:
    for key in item:
        if key not in names:
            folded = {name.lower(): name for name in names}
            near = nearest(str(key), folded)
            where = f"`{path}`" if path else "the policy"
            remedy = f"did you mean `{folded[near]}`?" if near else f"known: {', '.join(names)}"
            problems.append(Diagnostic(f"unknown element `{key}` in {where}", remedy))


def _shown(value: Any) -> str:
    return "missing" if value is None else f"`{value}`"
