"""Rules over the rows of one table: managed rules by the engine of `landrail.rules`, the one that
an audit runs; custom policy rules by their text over the recorded items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.inventory import Row, Table
from landrail.localaws.services.config.guard import Policy, judge, parse
from landrail.localaws.services.config.items import evaluated
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import COMPLIANT, NON_COMPLIANT, Document
from landrail.localaws.services.config.sources import in_scope, managed, parameters
from landrail.rules import engine

_LONGEST = 256
"""Characters of an annotation."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a resource."""

    type: str
    resource: str
    arn: str | None
    compliance: str
    annotation: str | None


class Judge:
    """One engine, in memory, for one thread at a time."""

    def __init__(self, records: Records) -> None:
        """Read the items of policies from `records`."""
        self._records = records
        self._database = engine.connect()
        self._policies: dict[str, Policy] = {}

    def close(self) -> None:
        """End the engine."""
        self._database.close()

    def load(self, table: Table, rows: Sequence[Row]) -> None:
        """Have the rules see these rows of a table."""
        engine.load(self._database, table, rows)

    def verdicts(self, rule: Document, rows: Sequence[Row]) -> Iterator[Verdict]:
        """Yield what a rule says of those rows, as they were loaded, that it is about."""
        asked = [row for row in rows if in_scope(rule, row)]
        yield from self._by_rule(rule, asked) if managed(rule) else self._by_policy(rule, asked)

    def _by_rule(self, rule: Document, rows: Sequence[Row]) -> Iterator[Verdict]:
        found, given = managed(rule), parameters(rule)
        if found is None or not rows:
            return
        about = set(engine.about(self._database, found, given))
        wrong = {
            (finding.resource_type, finding.resource_id)
            for finding in engine.wrong(self._database, found, given)
        }
        for row in rows:
            if row["resource_id"] in about:
                bad = (row["resource_type"], row["resource_id"]) in wrong
                yield _verdict(row, found.says if bad else None)

    def _by_policy(self, rule: Document, rows: Sequence[Row]) -> Iterator[Verdict]:
        policy = self._policy(rule["Source"]["CustomPolicyDetails"]["PolicyText"])
        for row in rows:
            place = (row["account_id"], row["region"])
            item = self._records.of(place, row["resource_type"], row["resource_id"])
            judged = judge(policy, evaluated(item)) if item is not None else None
            if judged is not None and judged.status != "SKIP":
                bad = judged.status == "FAIL"
                yield _verdict(row, (judged.says or "the policy fails") if bad else None)

    def _policy(self, text: str) -> Policy:
        if text not in self._policies:
            self._policies[text] = parse(text)
        return self._policies[text]


def _verdict(row: Row, wrong: str | None) -> Verdict:
    name: Any = row["resource_id"]
    return Verdict(
        row["resource_type"],
        name,
        row.get("arn"),
        NON_COMPLIANT if wrong else COMPLIANT,
        wrong[:_LONGEST] if wrong else None,
    )
