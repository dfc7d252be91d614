"""The rules and the tables that they read, as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory import Table
from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules
from landrail.rules.rule import Rule

_INTRODUCTION = """\
# Rules

What the audit and Config look for: {rules} rules over {tables} tables of the inventory. A rule is
an SQL predicate, true of what is wrong, in what DuckDB and Athena have in common; null counts as
wrong, for what is not known to be right is wrong. Those with an identifier are AWS's managed Config
rules under AWS's own names, with AWS's parameters and defaults (an empty default is a parameter
that AWS leaves optional). Those without one are this project's own: *Guard* where they are a Config
custom policy rule, else evaluated by the audit alone. Lists are texts with commas between; `*` and
`?` in lists of images, instance types, principals and connections stand for anything.

Whoever is "outside" belongs to no account of the organization, by name or by what conditions leave
of everybody; services of AWS are not outside. A policy that cannot be understood counts as open.
SageMaker jobs are read newest first, a hundred of each kind. Made by
`python -m landrail.rules > docs/rules.md`."""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION.format(rules=len(rules()), tables=len(tables()))
    for table in tables().values():
        found = [rule for rule in rules().values() if rule.table == table.name]
        yield ""
        yield f"## {table.name}"
        yield ""
        yield f"{_types(table)}. Read by {', '.join(f'`{action}`' for action in table.reads)}."
        yield ""
        yield "| column | kind | says |"
        yield "|---|---|---|"
        yield from (f"| `{c.name}` | {c.kind} | {c.says} |" for c in table.columns)
        if found:
            yield ""
            yield "| rule | AWS's identifier | parameters | wrong is |"
            yield "|---|---|---|---|"
            yield from map(_row, found)


def _types(table: Table) -> str:
    return ", ".join(f"`{name}`" for name in (table.resource_type, *table.also))


def _row(rule: Rule) -> str:
    given = (
        f"`{name}`={value}" if value else f"`{name}`" for name, value in rule.parameters.items()
    )
    own = "*Guard*" if rule.guard else "*audit only*"
    identifier = f"`{rule.identifier}`" if rule.identifier else own
    return f"| `{rule.name}` | {identifier} | {', '.join(given)} | {rule.says} |"
