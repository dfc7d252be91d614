"""Calls that must be refused, and in which words, for the tests of this folder."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and the message of a call's refusal."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def refusal(call: Any, **params: Any) -> str:
    """The code of a call's refusal."""
    return refused(call, **params)[0]
