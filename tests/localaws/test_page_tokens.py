"""Tokens of pages: they say how far one has come in one list, and nothing else is taken for one."""

from __future__ import annotations

import base64

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.paging import place, token

WRONG = ("InvalidNextToken", "The token is invalid.")


def test_a_token_leads_to_what_comes_after() -> None:
    given = token(20, 30, of="ListJobs")
    assert place(given, *WRONG, of="ListJobs") == 20
    assert place(None, *WRONG, of="ListJobs") == 0
    assert token(30, 30) is None


@pytest.mark.parametrize(
    "text",
    [":-5", ":1.5", ":", "5", "", ":5 ", ":05", "ListBuilds:5", ":" + "9" * 40, "::5", ":٥"],
)
def test_nothing_else_is_a_token(text: str) -> None:
    for given in (base64.urlsafe_b64encode(text.encode()).decode() or "A", text or "="):
        with pytest.raises(ApiError) as caught:
            place(given, *WRONG)
        assert (caught.value.code, caught.value.message) == WRONG
