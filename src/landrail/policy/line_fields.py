"""Reading one field of a JSON line: of its type, or an error that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.policy.values import ContextValue

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_-]+\Z")
_ARN = re.compile(r"arn:[^:*?]+:[^:*?]+:[^:]*:[^:]*:.", re.DOTALL)
_ACCOUNT = re.compile(r"(\d{12}|aws)\Z")


def mistake(summary: str, remedy: str | None = None) -> Mistakes:
    """Return the error of one mistake, to be raised."""
    return Mistakes([Diagnostic(summary, remedy)])


def an_object(given: Any, name: str) -> Mapping[str, Any]:
    """Return an object, or raise Mistakes."""
    if not isinstance(given, Mapping):
        raise mistake(f"`{name}` is not an object")
    return given


def a_list(given: Any, name: str, of: str) -> list[Any]:
    """Return a list, or raise Mistakes."""
    if not isinstance(given, list):
        raise mistake(f"`{name}` is not a list of {of}")
    return given


def known(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    """Raise Mistakes where a key is none of `names`."""
    for key in given:
        if key not in names:
            near = nearest(str(key), names)
            remedy = f"did you mean `{near}`?" if near else f"known: {', '.join(names)}"
            raise mistake(f"unknown key `{key}` in {where}", remedy)


def text(given: Any, name: str) -> str:
    """Return a text that is not empty, or raise Mistakes."""
    if not isinstance(given, str) or not given:
        raise mistake(f"`{name}` is not text")
    return given


def flag(given: Any, name: str) -> bool:
    """Return a boolean, or raise Mistakes."""
    if not isinstance(given, bool):
        raise mistake(f"`{name}` is neither true nor false")
    return given


def action(given: Any) -> str:
    """Return the one action of a request."""
    written = text(given, "action")
    if not _ACTION.match(written):
        raise mistake(f"`{written}` is not an action", "write one, as `service:Name`")
    return written


def resource(given: Any) -> str:
    """Return the one resource of a request: an ARN, or `*` where the action has none."""
    written = text(given, "resource")
    if written != "*" and not _ARN.match(written):
        raise mistake(f"`{written}` is not the ARN of a resource", "or write `*`")
    return written


def account(given: Any) -> str | None:
    """Return the account that owns the resource, None where the line does not say."""
    if given is None:
        return None
    written = text(given, "resource_account")
    if not _ACCOUNT.match(written):
        raise mistake(f"`{written}` is not an account", "write its 12 digits in quotes")
    return written


def context(given: Any, name: str = "context") -> dict[str, ContextValue]:
    """Return condition keys with their values; a list is of a key with several values."""
    read: dict[str, ContextValue] = {}
    for key, value in _once(an_object(given, name).items(), name):
        if isinstance(value, list):
            read[key] = tuple(scalar(item, key) for item in value)
        else:
            read[key] = scalar(value, key)
    return read


def tags(given: Any) -> dict[str, str]:
    """Return the tags of the principal; their keys are compared without case."""
    pairs = _once(an_object(given, "principal_tags").items(), "principal_tags")
    return {key: scalar(value, f"principal_tags.{key}") for key, value in pairs}


def scalar(value: Any, key: str) -> str:
    """Return a text, number or boolean as a condition key carries it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise mistake(f"the value of `{key}` is neither text, number, boolean nor a list of them")


def _once(pairs: Iterable[tuple[Any, Any]], name: str) -> list[tuple[str, Any]]:
    """Names are compared without case, so two spellings of one name are one name twice."""
    seen: set[str] = set()
    listed: list[tuple[str, Any]] = []
    for key, value in pairs:
        if not isinstance(key, str) or not key:
            raise mistake(f"`{name}` has a key without a name")
        if key.lower() in seen:
            raise mistake(f"`{key}` stands twice in `{name}`", "keep one spelling of it")
        seen.add(key.lower())
        listed.append((key, value))
    return listed
