"""Plans as JSON: there and back, and nothing edited in between."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_examples import planned, standing, wanting

from landrail.diagnostics import Mistakes
from landrail.plan import (
    Action,
    Change,
    Detail,
    Difference,
    Effect,
    Notice,
    Observed,
    Plan,
    digest,
    from_json,
    to_json,
)
from landrail.plan.codec import sealed
from landrail.plan.templates import matches
from landrail.resources import Address

TEXT = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ADDRESSES = st.builds(Address, TEXT, TEXT, TEXT)
DETAILS = st.builds(
    Detail,
    TEXT,
    st.sampled_from(Effect),
    TEXT,
    st.lists(st.builds(Difference, TEXT, JSON, JSON), max_size=2).map(tuple),
)
CHANGES = st.builds(
    Change,
    ADDRESSES,
    st.sampled_from(Action),
    TEXT,
    st.lists(DETAILS, max_size=2).map(tuple),
    TEXT,
    st.none() | TEXT,
    st.lists(ADDRESSES, max_size=2).map(tuple),
    st.dictionaries(TEXT, JSON, max_size=2),
)
PLANS = st.builds(
    Plan,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.lists(CHANGES, max_size=3).map(tuple),
    st.lists(st.builds(Notice, TEXT, TEXT, st.none() | TEXT), max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
    st.booleans(),
).map(sealed)


@given(PLANS)
def test_a_plan_survives_its_json(plan):
    assert from_json(json.loads(json.dumps(to_json(plan)))) == plan


@given(PLANS, TEXT)
def test_an_edited_plan_is_refused(plan, text):
    document = to_json(plan)
    if document["platform"] == text:
        return
    document["platform"] = text
    with pytest.raises(Mistakes, match="edited"):
        from_json(document)


@pytest.mark.parametrize("document", [None, [], {}, {"format": "landrail-plan-1"}])
def test_what_is_no_plan_is_refused(document):
    with pytest.raises(Mistakes):
        from_json(document)


def test_real_plans_survive_and_their_basis_follows_the_observed():
    empty, full = planned(observed=Observed()), planned()
    assert from_json(json.loads(json.dumps(to_json(empty)))) == empty
    assert empty.basis != full.basis
    assert planned(observed=standing()).digest == full.digest
    assert planned(wanting(uat__jobs={"Resources": {}})).basis != full.basis


@given(JSON, JSON)
def test_equal_digests_mean_equal_values(one, other):
    assert (digest(one) == digest(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@given(JSON)
def test_a_document_matches_itself(document):
    assert matches(document, document)


def test_a_token_matches_whatever_stands_for_it():
    wanted = {"a": ["x-@{output:data/lake/Arn}-y", 1]}
    assert matches(wanted, {"a": ["x-arn:1-y", 1]})
    assert not matches(wanted, {"a": ["x--y", 1]})
    assert not matches(wanted, {"a": ["z-arn:1-y", 1]})
