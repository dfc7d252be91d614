"""Grants on a key: what the store keeps of them counts at the gate, constraints included."""

from __future__ import annotations

from typing import Any

import pytest
from layers_store import HOME, REGION, Role, caller, decide, store, text

from landrail.localaws.store.sources.kms import Grant

KEY = f"arn:aws:kms:{REGION}:{HOME}:key/k1"
BUCKET = "arn:aws:s3:::ours"
ROLE = f"arn:aws:iam::{HOME}:role/plain"
POLICY = text([{"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "kms:*", "Resource": "*"}])


def allowed(action: str, *grants: Grant, **context: Any) -> bool:
    held = store(key=POLICY, grants=grants)
    held.roles[HOME, "plain"] = Role(ROLE, policies=())
    return decide(held, caller(name="plain"), action, KEY, context=context).allowed


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [(None, {}, True), (BUCKET, {}, False), (BUCKET, {"aws:SourceArn": BUCKET}, True)],
)
def test_a_grant_counts_on_behalf_of_its_source_alone(
    source: str | None, given: dict[str, str], expected: bool
) -> None:
    grant = Grant("g", ROLE, ("Decrypt",), None, None, source, None)
    assert allowed("kms:Decrypt", grant, **given) is expected


def test_who_may_retire_a_grant_is_the_one_it_names() -> None:
    grant = Grant("g", "arn:aws:iam::111122223333:role/x", ("Decrypt",), None, None, None, ROLE)
    assert allowed("kms:RetireGrant", grant)
    assert not allowed("kms:Decrypt", grant)
    assert not allowed("kms:RetireGrant", grant, Grant("h", "x", ("Decrypt",), *[None] * 4))
