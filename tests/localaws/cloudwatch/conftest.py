"""The account whose metrics the tests of this folder put and watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from watched import Watched


@pytest.fixture
def watched(local_aws: Any, unique: Callable[[str], str]) -> Watched:
    """The account, with a namespace of this test's own."""
    account = local_aws.account("data-science")
    return Watched(local_aws, account, local_aws.administrator(account), unique("metrics"))
