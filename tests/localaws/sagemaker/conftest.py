"""The account that the tests of this folder share."""

from __future__ import annotations

from typing import Any

import pytest
from sagemaker_studio import Studio, make_studio


@pytest.fixture(scope="session")
def studio(local_aws: Any) -> Studio:
    """The account that the tests share."""
    return make_studio(local_aws, local_aws.account("data-science"))
