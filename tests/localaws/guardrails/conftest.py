"""Accounts under the guardrails of SageMaker: those that a file gets unasked, and the others."""

from __future__ import annotations

from typing import Any

import pytest
from guarded import Account
from tryings import GROUPS, statements_of


@pytest.fixture(scope="session")
def accounts(local_aws: Any) -> dict[str, Account]:
    return {group: Account(local_aws, group, statements_of(group)) for group in GROUPS}
