"""The SQL of rules: one SELECT a rule, all of them joined by UNION ALL.

A filter a rule is what column stores are best at: each reads the columns that it names and no
others. Parameters are written into the text as literals, quoted: the same text runs in DuckDB and
in Athena.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from landrail.rules.rule import Rule

_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")
FOUND = ("rule", "account_id", "region", "resource_type", "resource_id", "resource_name", "arn")
"""The columns of a finding; the rule's `says` belongs to the rule."""


def literal(value: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def with_parameters(predicate: str, values: Mapping[str, str]) -> str:
    """Return a predicate with its `:name` parameters as literals; raises KeyError where one has no
    value."""
    return _PARAMETER.sub(lambda found: literal(values[found[1]]), predicate)


def select(
    rule: Rule, parameters: Mapping[str, str] | None = None, source: str = "", label: str = ""
) -> str:
    """Return the SELECT of one rule's findings; `source` stands for its table, `label` for its name
    in what is found."""
    values = {**rule.parameters, **(parameters or {})}
    wrong = with_parameters(rule.wrong, values)
    applies = with_parameters(rule.applies, values)
    columns = ", ".join(FOUND[1:])
    return (
        f"SELECT {literal(label or rule.name)} AS rule, {columns} FROM {source or rule.table} "
        f"WHERE ({applies}) AND COALESCE(({wrong}), TRUE)"
    )


def union(rules: Iterable[Rule]) -> str:
    """Return one statement that finds what any of the rules finds."""
    return "\nUNION ALL\n".join(select(rule) for rule in rules)
