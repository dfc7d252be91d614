"""What a detective rule is: a table, a predicate that is true of what is wrong, and its words.

Values only; the SQL is what DuckDB and Athena (Trino) both take: comparisons, `IS NULL`, `LIKE`,
`COALESCE`, `CASE`, and `:name` for a parameter (`landrail.rules.sql` says how several values are
asked for).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Trigger = Literal["change", "periodic"]
Guarding = Callable[[Mapping[str, str]], str]
"""The text of a custom policy rule by the values of the rule's parameters: Config tells it none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `name` is that of the Config rule; `identifier` AWS's managed rule or None;
    `table` the inventory's table; `wrong` the predicate that is true of a resource that does not
    comply (null counts as true: what is not known to be right is wrong); `applies` the predicate
    of the rows that it is about at all; `says` what is wrong, in one sentence; `parameters` the
    values of AWS's parameters of the rule, by AWS's names, as its InputParameters would say them.

    A rule without an identifier may carry `guard`, the text of a Config custom policy rule, or
    what writes it for given parameters; without either it is evaluated by the audit only.
    """

    name: str
    table: str
    wrong: str
    says: str
    identifier: str | None = None
    applies: str = "TRUE"
    parameters: Mapping[str, str] = field(default_factory=dict)
    triggers: tuple[Trigger, ...] = ("change",)
    guard: str | Guarding | None = None

    def policy(self, parameters: Mapping[str, str]) -> str | None:
        """Return the text of its custom policy rule with parameters, None where it has none."""
        if callable(self.guard):
            return self.guard({**self.parameters, **parameters})
        return self.guard

    @property
    def audit_only(self) -> bool:
        """Whether Config cannot evaluate it."""
        return self.identifier is None and self.guard is None


def managed(
    identifier: str,
    *,
    table: str,
    wrong: str,
    says: str,
    applies: str = "TRUE",
    parameters: Mapping[str, str] | None = None,
    triggers: tuple[Trigger, ...] = ("change",),
) -> Rule:
    """Return the rule that AWS manages under an identifier (`S3_BUCKET_LOGGING_ENABLED`); its name
    is the same in small letters."""
    return Rule(
        name=identifier.lower().replace("_", "-"),
        identifier=identifier,
        table=table,
        wrong=wrong,
        says=says,
        applies=applies,
        parameters=parameters or {},
        triggers=triggers,
    )
