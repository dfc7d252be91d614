"""Resource ARNs from ARN formats and the parameters of a call, for every service alike.

A parameter that is an ARN of the format stands for itself; else the format's variables are looked
for among the parameters by name. What is not found is left to the service's own rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from landrail.localaws.gateway.requests.values import Call

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
PARTITION = "aws"


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
    arn_format: str, call: Call, names: Mapping[str, str], *, missing: str | None = None
) -> list[str]:
    """Fill a format from the parameters; an empty list where a variable is not found and `missing`
    does not stand in for it. `names` maps variables to parameters that are called otherwise.
    A list parameter makes one ARN for each of its items."""
    fixed = {"Partition": PARTITION, "Region": call.region, "Account": call.account}
    texts = [""]
    for index, piece in enumerate(_VARIABLE.split(arn_format)):
        if index % 2 == 0:
            values = [piece]
        elif piece in fixed:
            values = [fixed[piece]]
        else:
            values = _values(piece, call.params, names) or ([missing] if missing else [])
        texts = [text + value for text in texts for value in values]
    return texts


def _values(variable: str, params: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    wanted = names.get(variable, variable).lower()
    for name, value in params.items():
        if name.lower() in (wanted, f"{wanted}s"):
            return _texts(value, wanted)
    return []


def _texts(value: Any, wanted: str) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item, wanted)]
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key.lower() == wanted:
                return _texts(inner, wanted)
        return []
    if isinstance(value, str) and value:
        return [value.rpartition("/")[2] if value.startswith("arn:") else value]
    return []
