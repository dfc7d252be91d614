from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from landrail.compiler import names

NAMES = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=200)


@given(NAMES, st.integers(min_value=20, max_value=128))
def test_short_names_stand_and_long_ones_fit(text: str, limit: int) -> None:
    short = names.shorten(text, limit)
    assert len(short) <= limit
    assert short == text or len(text) > limit
    assert short == names.shorten(text, limit)


@given(st.lists(NAMES, min_size=2, max_size=8, unique=True), st.integers(20, 128))
def test_different_names_stay_different(texts: list[str], limit: int) -> None:
    assert len({names.shorten(text, limit) for text in texts}) == len(texts)


def test_names_that_differ_only_at_the_end_do_not_meet() -> None:
    first, second = "a" * 80 + "x", "a" * 80 + "y"
    assert names.shorten(first, 63) != names.shorten(second, 63)


@given(NAMES, NAMES)
def test_bucket_names_fit_with_the_account_id(platform: str, purpose: str) -> None:
    bucket = names.bucket(platform, purpose, "retail-uat")
    assert names.length(bucket) <= names.BUCKET
    assert bucket.endswith("-@{account:retail-uat}")


@given(NAMES)
def test_addresses_fit_whatever_the_account(account: str) -> None:
    address = names.email("aws+{account}@acme.example", account)
    assert len(address) <= names.EMAIL
    assert address.endswith("@acme.example")


@given(st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_logical_ids_are_alphanumeric_and_apart(texts: list[str]) -> None:
    cleaned = [text for text in texts if any(c.isalnum() for c in text)]
    ids = [names.logical_id("role", text) for text in cleaned]
    assert all(one.isalnum() for one in ids)
    assert len(set(ids)) == len(ids)


def test_an_account_id_counts_twelve_and_an_organization_id_is_short() -> None:
    assert names.length("x-@{account:retail-production}") == 14
    assert names.length("@{organization}") == 12
