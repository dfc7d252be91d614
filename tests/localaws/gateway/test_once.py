"""A change that was made once is answered as it was then, not made again, after a restart."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.store import Store, read

ACCOUNT = "210987654321"
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "ec2.amazonaws.com"}}]}'
)


def create(store: Store, name: str, once: str) -> dict[str, Any]:
    params = {"RoleName": name, "AssumeRolePolicyDocument": TRUST}
    answer = store.perform(ACCOUNT, "eu-west-1", "iam", "CreateRole", params, once=once)
    return dict(read("iam", "CreateRole", answer)["Role"])


def first_life(state: Path) -> dict[str, Any]:
    store = Store(state)
    create(store, "taken", "")
    with pytest.raises(ApiError):
        create(store, "taken", "operation/refused")
    return create(store, "named", "operation/made")


def second_life(state: Path) -> tuple[dict[str, Any], str]:
    store = Store(state)
    made = create(store, "named", "operation/made")
    with pytest.raises(ApiError) as another:
        create(store, "named", "operation/another")
    assert create(store, "other", "operation/made")["RoleName"] == "other"
    store.execute(ACCOUNT, "eu-west-1", "iam", "DeleteRole", {"RoleName": "taken"})
    assert create(store, "taken", "operation/refused")["RoleName"] == "taken"
    return made, another.value.code


def test_what_was_made_before_the_end_is_answered_and_not_made_again(tmp_path):
    def live(life: Any) -> Any:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            return process.submit(life, tmp_path).result()

    made = live(first_life)
    answered, another = live(second_life)
    assert answered == made
    assert another == "EntityAlreadyExists"
