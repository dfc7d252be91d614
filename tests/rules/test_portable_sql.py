"""The SQL of every rule is what DuckDB and Athena (Trino) both take, with the same meaning."""

from __future__ import annotations

import re

import pytest

from landrail.rules.catalogue import rules
from landrail.rules.columns import columns
from landrail.rules.sql import select, with_parameters

_TOKEN = re.compile(r"'(?:[^']|'')*'|\w+|<>|<=|>=|[-+*=<>(),]|\s+|.")
_WORDS = {
    *("AND", "OR", "NOT", "IS", "NULL", "IN", "LIKE", "TRUE", "FALSE"),
    *("CASE", "WHEN", "THEN", "ELSE", "END"),
}
_TYPES = {"BIGINT", "DATE", "VARCHAR"}
_FUNCTIONS = {
    # Each is in the functions of both engines under this name, with the arguments in this order.
    *("COALESCE", "CONCAT", "CAST", "lower", "strpos", "regexp_replace", "date_diff"),
    "CURRENT_DATE",
}
_SYMBOLS = {"<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "*", "+", "-"}


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if token.strip()]


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_is_portable(name):
    rule = rules()[name]
    filled = {parameter: value or "a,b" for parameter, value in rule.parameters.items()}
    for values in (rule.parameters, filled):
        for text in (rule.wrong, rule.applies):
            sql = with_parameters(text, values)
            allowed = _WORDS | _TYPES | _FUNCTIONS | _SYMBOLS | {"AS"} | columns(rule)
            strange = [
                token
                for token in _tokens(sql)
                if token not in allowed and not token.startswith("'") and not token.isdigit()
            ]
            assert not strange, f"{strange} in {sql}"


def test_a_regular_expression_replaces_all_or_nothing():
    # DuckDB replaces the first match and Trino every one: only whole values may be matched.
    for rule in rules().values():
        for found in re.findall(r"regexp_replace\(\w+, '([^']*)'", select(rule)):
            assert found.startswith("^"), rule.name
            assert found.endswith("$"), rule.name


@pytest.mark.parametrize(
    ("predicate", "values", "sql"),
    [
        ("a = :p", {"p": "it's"}, "a = 'it''s'"),
        ("a IN (:p)", {"p": "x, y"}, "a IN ('x', 'y')"),
        ("a IN (:p)", {"p": ""}, "a IN ('')"),
        ("a = ':p'", {"p": "x"}, "a = ':p'"),
        ("a = :p", {"p": ":q"}, "a = ':q'"),
        ("HAS_ALL(a, :p)", {"p": ""}, "TRUE"),
        ("HAS_ALL(a, :p)", {"p": "x,y"}, "(strpos(a, ',x,') > 0 AND strpos(a, ',y,') > 0)"),
        ("ALL_AMONG(a, :p)", {"p": ""}, "regexp_replace(a, '^,$', '') = ''"),
        ("ALL_AMONG(a, :p)", {"p": "m.*"}, r"regexp_replace(a, '^(,(m\.[^,]*))*,$', '') = ''"),
        (
            "HAS_ENTRY(a, :p|t|)",
            {"p": ""},
            r"regexp_replace(a, '^.*,[^,|]*\|t\|[^,|]*,.*$', '') = ''",
        ),
        ("COVERS(a, :p)", {"p": ""}, "FALSE"),
    ],
)
def test_parameters_become_sql(predicate, values, sql):
    assert with_parameters(predicate, values) == sql


def test_a_parameter_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        with_parameters("a = :p", {})
