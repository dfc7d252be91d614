"""What must be true of a condition key, and the condition blocks that match where it is not.

A statement that denies is about the opposite of what is wanted, and the opposite of "the key says
so" includes "the request does not say": `Bool` `false`, `StringEquals` of the bad value and
`ForAnyValue` over a list all pass over a key that is absent. Each condition here says what an
absent key means. Values only; which actions carry a key is `holding`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.guardrails.statements import plain

Block = Mapping[str, Mapping[str, Any]]
"""The `Condition` element of one statement."""
Blocks = tuple[Block, ...]
Keys = tuple[str, ...]
"""A condition key of AWS's and the older names under which a request may carry it."""


@dataclass(frozen=True, slots=True)
class Must:
    """A condition to hold: `says` it in words, after the key's name; `breaches` gives for the key
    the blocks of the statements that deny, one for each way to break it; `asked` is whether an
    absent key breaks it."""

    says: str
    breaches: Callable[[Keys], Blocks]
    asked: bool = True


def given() -> Must:
    """The request must give it, under any of its names."""
    return Must("is given", lambda keys: (_all(keys, "Null", "true"),))


def not_given(why: str = "is not given") -> Must:
    """The request must not give it."""
    return Must(why, lambda keys: tuple({"Null": {key: "false"}} for key in keys), asked=False)


def true() -> Must:
    """The request must say true: absent means false."""
    return Must("is true", lambda keys: (_all(keys, "BoolIfExists", "false"),))


def not_true() -> Must:
    """The request must not say true: absent means false."""
    return Must("is not true", lambda keys: (_all(keys, "Bool", "true"),), asked=False)


def one_of(*values: str) -> Must:
    """The request must say one of these; patterns are taken, too. A negated operator matches an
    absent key as well."""
    operator = "StringNotLike" if _patterned(values) else "StringNotEquals"
    return Must(f"is {_or(values)}", lambda keys: (_all(keys, operator, plain(values)),))


def one_of_if_given(*values: str) -> Must:
    """Where the request says it at all, it must say one of these; patterns are taken, too."""
    operator = "StringNotLike" if _patterned(values) else "StringNotEquals"
    return Must(
        f"is {_or(values)} where it is given",
        lambda keys: tuple(
            {operator: {key: plain(values)}, "Null": {key: "false"}} for key in keys
        ),
        asked=False,
    )


def not_one_of(*values: str) -> Must:
    """The request must not say one of these."""
    return Must(
        f"is not {_or(values)}",
        lambda keys: tuple({"StringEquals": {key: plain(values)}} for key in keys),
        asked=False,
    )


def all_of(*values: str) -> Must:
    """Each of the key's values must be one of these patterns, and there must be one: `ForAnyValue`
    alone passes over a list that is absent or empty, so a second statement is about that."""
    return Must(f"has only {_or(values)}", lambda keys: (*_stray(keys, values), _none(keys)))


def all_of_if_given(*values: str) -> Must:
    """Each of the key's values, where it has any, must be one of these patterns."""
    return Must(f"has only {_or(values)}, if any", lambda keys: _stray(keys, values), asked=False)


def at_most(most: str) -> Must:
    """The request must say a number up to `most`: absent means as long as AWS lets it. What is no
    number, which is a mistake of the file, lets nothing past."""
    most = _number(most)
    return Must(
        f"is at most {most}", lambda keys: (_all(keys, "NumericGreaterThanIfExists", most),)
    )


def at_most_if_given(most: str) -> Must:
    """Where the request says a number, it must be up to `most`."""
    most = _number(most)
    return Must(
        f"is at most {most} where it is given",
        lambda keys: tuple({"NumericGreaterThan": {key: most}} for key in keys),
        asked=False,
    )


def both(one: Block, other: Block) -> Block:
    """Return the block that matches where both do; they must not be about the same key alike."""
    operators = [*one, *(name for name in other if name not in one)]
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in operators}


def _all(keys: Keys, operator: str, value: str | list[str]) -> Block:
    """Match where it is so of every name of the key: in one block all tests must pass."""
    return {operator: dict.fromkeys(keys, value)}


def _stray(keys: Keys, values: tuple[str, ...]) -> tuple[Block, ...]:
    operator = "StringNotLike" if _patterned(values) else "StringNotEquals"
    return tuple({f"ForAnyValue:{operator}": {key: plain(values)}} for key in keys)


def _none(keys: Keys) -> Block:
    return _all(keys, "Null", "true")


def _patterned(values: tuple[str, ...]) -> bool:
    return any("*" in value or "?" in value for value in values)


def _number(text: str) -> str:
    return text if text.isdecimal() else "0"


def _or(values: tuple[str, ...]) -> str:
    return " or ".join(f"`{value}`" for value in values)
