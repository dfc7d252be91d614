"""The SQL of rules: one SELECT a rule, all of them joined by UNION ALL.

A filter a rule is what column stores are best at: each reads the columns that it names and no
others. Parameters are written into the text as literals, quoted: the same text runs in DuckDB and
in Athena. Parameters that hold several values become plain SQL here, as the two engines have no
list functions in common:

- `x IN (:p)`: one of the values
- `HAS_ALL(column, :p)`: a column of several values (each between commas) has them all
- `ALL_AMONG(column, :p, :q)`: it has none but those; `*` and `?` in them stand for anything
- `HAS_ENTRY(column, :p|text|:q)`: one of its values has these parts, with bars between; an empty
  parameter stands for anything
- `COVERS(column, :p)`: a column of ports (`00022`, `01*` for all that begin so) has one of them
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from landrail.rules.rule import Rule

_PARAMETER = re.compile(r"'(?:[^']|'')*'|(?<![:\w]):([A-Za-z_]\w*)")
_WORD = re.compile(r":?\w+")
_ONE_OF = re.compile(r"\bIN \((:[A-Za-z_]\w*)\)")
_MACRO = re.compile(r"\b(HAS_ALL|ALL_AMONG|COVERS)\((\w+), ([^()]*)\)")
_ENTRY = re.compile(r"\bHAS_ENTRY\((\w+), ([^()]*)\)")
FOUND = ("rule", "account_id", "region", "resource_type", "resource_id", "resource_name", "arn")
"""The columns of a finding; the rule's `says` belongs to the rule."""


def literal(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def with_parameters(predicate: str, values: Mapping[str, str]) -> str:
    """Return a predicate with its `:name` parameters as literals; raises KeyError where one has no
    value."""

    def several(names: str) -> list[str]:
        words = _WORD.findall(names)
        given = (values[word[1:]] if word.startswith(":") else word for word in words)
        return [one for value in given for one in _split(value)]

    text = _ONE_OF.sub(lambda found: _one_of(several(found[1])), predicate)
    text = _ENTRY.sub(lambda found: _has_entry(found[1], found[2], values), text)
    text = _MACRO.sub(lambda found: _MACROS[found[1]](found[2], several(found[3])), text)
    return _PARAMETER.sub(
        lambda found: found[0] if found[1] is None else literal(values[found[1]]), text
    )


def _split(value: str) -> list[str]:
    return [one for part in value.split(",") if (one := part.strip())]


def _one_of(values: list[str]) -> str:
    return f"IN ({', '.join(map(literal, values or ['']))})"


def _has_all(column: str, values: list[str]) -> str:
    tests = [f"strpos({column}, {literal(f',{value},')}) > 0" for value in values]
    return f"({' AND '.join(tests)})" if tests else "TRUE"


def _all_among(column: str, values: list[str]) -> str:
    # Anchored at both ends: what the two engines replace, the first or all, is then the same.
    allowed = "|".join(_pattern(value) for value in values)
    expression = f"^(,({allowed}))*,$" if values else "^,$"
    return f"regexp_replace({column}, {literal(expression)}, '') = ''"


def _has_entry(column: str, parts: str, values: Mapping[str, str]) -> str:
    given = [values[part[1:]] if part.startswith(":") else part for part in parts.split("|")]
    entry = r"\|".join(_pattern(part) if part else "[^,|]*" for part in given)
    return f"regexp_replace({column}, {literal(f'^.*,{entry},.*$')}, '') = ''"


def _pattern(value: str) -> str:
    wild = {"*": "[^,]*", "?": "[^,]"}
    return "".join(wild.get(c) or (c if c.isalnum() else f"\\{c}") for c in value)


def _covers(column: str, values: list[str]) -> str:
    tests = [
        f"strpos({column}, {literal(f',{begin},')}) > 0"
        for value in values
        for begin in _beginnings(value)
    ]
    return f"({' OR '.join(tests)})" if tests else "FALSE"


def _beginnings(port: str) -> list[str]:
    digits = port.zfill(5)
    return [digits, *(f"{digits[:count]}*" for count in range(4, -1, -1))]


_MACROS = {"HAS_ALL": _has_all, "ALL_AMONG": _all_among, "COVERS": _covers}


def select(
    rule: Rule,
    parameters: Mapping[str, str] | None = None,
    source: str = "",
    label: str = "",
    columns: Iterable[str] = FOUND[1:],
) -> str:
    """Return the SELECT of one rule's findings; `source` stands for its table, `label` for its name
    in what is found, which has `columns`."""
    values = {**rule.parameters, **(parameters or {})}
    wrong = with_parameters(rule.wrong, values)
    applies = with_parameters(rule.applies, values)
    return (
        f"SELECT {literal(label or rule.name)} AS rule, {', '.join(columns)} "
        f"FROM {source or rule.table} "
        f"WHERE ({applies}) AND COALESCE(({wrong}), TRUE)"
    )


def union(rules: Iterable[Rule]) -> str:
    """Return one statement that finds what any of the rules finds."""
    return "\nUNION ALL\n".join(select(rule) for rule in rules)
