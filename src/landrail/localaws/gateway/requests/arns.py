"""Resource ARNs from ARN formats and the parameters of a call, for every service alike.

A parameter that is an ARN of the format stands for itself; else the format's variables are looked
for among the parameters by name. What is not found is left to the service's own rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from landrail.localaws.gateway.requests.values import Call

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
PARTITION = "aws"
Names = Mapping[str, Sequence[str]]
"""For a variable of an ARN format, the paths of the parameters that hold it."""


@lru_cache(maxsize=8192)
def format_expression(arn: str) -> re.Pattern[str]:
    """Return an expression that fits the ARNs of a format."""
    pieces = _VARIABLE.split(arn)
    text = "".join(
        re.escape(piece) if index % 2 == 0 else _value_expression(piece)
        for index, piece in enumerate(pieces)
    )
    return re.compile(text)


def _value_expression(variable: str) -> str:
    if variable in ("Partition", "Region", "Account"):
        return "[^:]*"
    return ".+"


def given_arns(params: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parameters that are ARNs, lists of them included, at the first level."""
    for value in params.values():
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, str) and item.startswith("arn:"):
                yield item


def matching_arns(arn_format: str, params: Mapping[str, Any]) -> list[str]:
    """Return the given ARNs that are of the format."""
    fits = format_expression(arn_format).fullmatch
    return [arn for arn in given_arns(params) if fits(arn)]


def filled(
    arn_format: str,
    call: Call,
    names: Names,
    *,
    missing: Mapping[str, str] | None = None,
    loose: bool = False,
) -> list[str]:
    """Fill a format from the parameters; an empty list where a variable is not found and `missing`
    has nothing to stand in for it (the key `*` is for every variable). A list parameter makes one
    ARN for each of its items. `loose` takes a parameter `name` for a variable `...Name` too."""
    fixed = {"Partition": PARTITION, "Region": call.region, "Account": call.account}
    stand_in = missing or {}
    texts = [""]
    lowered = _lowered(call.params)
    for index, piece in enumerate(_pieces(arn_format)):
        if index % 2 == 0:
            values = [piece]
        elif piece in fixed:
            values = [fixed[piece]]
        else:
            values = _values(piece, lowered, names, loose)
            if not values:
                other = stand_in.get(piece, stand_in.get("*"))
                values = [] if other is None else [other]
        texts = [text + value for text in texts for value in values]
    return texts


def names_any(arn_format: str, call: Call, names: Names) -> bool:
    """Whether a parameter holds one of the format's variables."""
    lowered = _lowered(call.params)
    return any(
        variable not in ("Partition", "Region", "Account")
        and _values(variable, lowered, names, loose=False)
        for variable in _pieces(arn_format)[1::2]
    )


def _values(variable: str, lowered: Mapping[str, Any], names: Names, loose: bool) -> list[str]:
    """`lowered` are the parameters by their names in lower case."""
    for first, rest in (*_steps(tuple(names.get(variable, ()))), *_likely(variable, loose)):
        value = lowered.get(first)
        if value is None:
            continue
        texts = _texts(tuple(all_at(value, rest)) if rest else value)
        if texts:
            return texts
    return []


def _lowered(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in params.items()}


@lru_cache(maxsize=4096)
def _steps(paths: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The first name of each path, in lower case, and the rest."""
    parts = (path.partition(".") for path in paths)
    return tuple((first.lower(), rest) for first, _, rest in parts)


@lru_cache(maxsize=4096)
def _likely(variable: str, loose: bool) -> tuple[tuple[str, str], ...]:
    likely = [variable, f"{variable}s"]
    for suffix in ("Name", "Id"):
        bare = variable.removesuffix(suffix)
        if bare and bare != variable:
            likely += [bare, f"{bare}s"]
    if loose and variable.endswith("Name"):
        likely += ["Name", "Names"]
    return _steps(tuple(likely))


@lru_cache(maxsize=8192)
def _pieces(arn_format: str) -> tuple[str, ...]:
    """Text and variables of a format, in turn."""
    return tuple(_VARIABLE.split(arn_format))


def at_path(params: Mapping[str, Any], path: str) -> Any:
    """Return the parameter at a dotted path, its names compared without case; None if absent."""
    value: Any = params
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        lowered = name.lower()
        value = next((v for k, v in value.items() if k.lower() == lowered), None)
    return value


def all_at(params: Any, path: str) -> Iterator[Any]:
    """Yield what stands at a dotted path, through lists on the way; names without case."""
    if isinstance(params, list | tuple):
        for item in params:
            yield from all_at(item, path)
        return
    first, _, rest = path.partition(".")
    value = at_path(params, first) if isinstance(params, Mapping) else None
    if value is None:
        return
    if rest:
        yield from all_at(value, rest)
    else:
        yield value


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, int) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, str) and value:
        return [_RESOURCE_NAME.sub("", value) if value.startswith("arn:") else value]
    return []


_RESOURCE_NAME = re.compile(r"^arn:[^:]*:[^:]*:[^:]*:[^:]*:([a-z-]+[/:])?")
