"""A change that was made once is answered as it was then, not made again, after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.store import Store, read

ACCOUNT = "210987654321"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def create(store: Store, name: str, once: str) -> dict[str, Any]:
    params = {"RoleName": name, "AssumeRolePolicyDocument": TRUST}
    answer = store.perform(ACCOUNT, "eu-west-1", "iam", "CreateRole", params, once=once)
    return dict(read("iam", "CreateRole", answer)["Role"])


def test_what_was_made_before_the_end_is_answered_and_not_made_again(tmp_path):
    store = Store(tmp_path)
    made = create(store, "named", "operation/1")
    store.close()
    store = Store(tmp_path)
    assert create(store, "named", "operation/1") == made
    with pytest.raises(ApiError) as another:
        create(store, "named", "operation/2")
    assert another.value.code == "EntityAlreadyExists"
    assert create(store, "other", "operation/1")["RoleName"] == "other"
    store.close()


def test_what_was_refused_is_tried_again(tmp_path):
    store = Store(tmp_path)
    create(store, "taken", "")
    with pytest.raises(ApiError):
        create(store, "taken", "operation/1")
    store.close()
    store = Store(tmp_path)
    store.execute(ACCOUNT, "eu-west-1", "iam", "DeleteRole", {"RoleName": "taken"})
    assert create(store, "taken", "operation/1")["RoleName"] == "taken"
    store.close()
