"""Lambda functions, as Config records them: their policy is supplementary, their URL is not
there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.inventory.described import VOLATILE, capitalized, lowered
from landrail.inventory.record import SETTING, Answer, Item, Record, Shape
from landrail.inventory.table import Row

_GONE = "ResourceNotFoundException"


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    functions = [_function(item) for item in items]
    yield Answer("lambda", "ListFunctions", {}, {"Functions": functions})
    for item, function in zip(items, functions, strict=True):
        which = {"FunctionName": function["FunctionName"]}
        given = item.settings.get("Policy")
        policy = given if isinstance(given, str) else json.dumps(given)
        yield Answer("lambda", "GetPolicy", which, {"Policy": policy} if given else _GONE)


def _function(item: Item) -> dict[str, Any]:
    told = capitalized(item.configuration)
    return {**told, "FunctionArn": item.arn, "KMSKeyArn": told.get("KmskeyArn")}


def _shape(row: Row) -> Shape:
    told = {n: v for n, v in (row.get("configuration") or {}).items() if n not in VOLATILE}
    policy, key = told.pop("Policy", None), told.pop("KMSKeyArn", None)
    configuration = lowered(told)
    if key:
        configuration["kmskeyArn"] = key
    return configuration, {"Policy": policy}


RECORD = Record(
    table="lambda_functions",
    types=("AWS::Lambda::Function",),
    answers=_answers,
    shape=_shape,
    never=frozenset({"url_open"}),
    only_where={f"{SETTING}Policy": ("policy_public", "outsiders")},
)
