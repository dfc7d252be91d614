"""A custom policy rule asks of the resource, as Config records it, what our predicate asks of the
row: the two agree on every resource that AWS's answers tell of."""

from __future__ import annotations

import pytest
from inventory_answers import ANSWERS, Answering, recorded

from landrail.inventory.catalogue import tables
from landrail.localaws.services.config.guard import judge, parse
from landrail.localaws.services.config.items import evaluated, item_of
from landrail.rules.catalogue import rules
from landrail.rules.engine import about, connect, load, wrong

GUARDED = sorted(name for name, rule in rules().items() if rule.guard)


def test_there_is_something_to_try():
    assert len(GUARDED) > 5
    assert {rules()[name].table for name in GUARDED} <= {f.stem for f in ANSWERS.glob("*.yaml")}


def _asked(name):
    """Parameters to try a rule with: none, and where it takes tags, one that some have."""
    return (
        [{}, {"requiredKeyTags": "owner"}, {"requiredKeyTags": "team"}]
        if rules()[name].parameters
        else [{}]
    )


@pytest.mark.parametrize(
    ("name", "given"), [(name, given) for name in GUARDED for given in _asked(name)]
)
def test_guard_and_predicate_agree(name, given):
    rule = rules()[name]
    assert rule.identifier is None
    assert not rule.parameters or callable(rule.guard), "Guard is told no parameters"
    table = tables()[rule.table]
    rows = list(table.rows(Answering(recorded(rule.table)["answers"])))
    with connect() as database:
        load(database, table, rows)
        bad = {found.resource_id for found in wrong(database, rule, given)}
        asked = set(about(database, rule, given))
    policy = parse(str(rule.policy(given)))
    said = {
        row["resource_id"]: judge(policy, evaluated(item_of(row, "OK", 0.0, "CONTINUOUS"))).status
        for row in rows
    }
    assert {one for one, status in said.items() if status == "FAIL"} == bad
    assert {one for one, status in said.items() if status == "PASS"} == asked - bad
