"""What puts right what a rule finds: calls that lose no data and stop nobody's work.

A fix reads how the resource stands and says which calls would change it; it makes none itself. Why
there is none for other rules stands in `unsafe`. Values only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.inventory import Ask


class NotSafe(Exception):
    """This resource cannot be put right without a person's decision; the text says why."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource that a rule found, and the parameters that the rule was given."""

    account_id: str
    region: str
    resource_id: str
    arn: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that changes something: boto3's service, the API's operation, its parameters."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


Calls = Callable[[Ask, Subject], tuple[Call, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """How what some `rules` find is put right: `says` what happens in a few words, `calls` gives
    the calls or raises NotSafe or Refused, `actions` are the IAM actions that they take."""

    rules: tuple[str, ...]
    says: str
    calls: Calls
    actions: tuple[str, ...]


def fixed_call(service: str, operation: str, **parameters: Any) -> Calls:
    """Return calls of one call; `{id}`, `{arn}` and `{account}` in its texts are the subject's."""

    def calls(_ask: Ask, subject: Subject) -> tuple[Call, ...]:
        values = {
            "id": subject.resource_id,
            "arn": subject.arn,
            "account": subject.account_id,
        }
        return (Call(service, operation, _filled(parameters, values)),)

    return calls


def _filled(given: Any, values: Mapping[str, str]) -> Any:
    if isinstance(given, str):
        return values[given[1:-1]] if given[:1] == "{" and given[-1:] == "}" else given
    if isinstance(given, dict):
        return {key: _filled(value, values) for key, value in given.items()}
    if isinstance(given, list):
        return [_filled(value, values) for value in given]
    return given
