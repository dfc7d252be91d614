"""The page's table is the one that is tested."""

from __future__ import annotations

from tests.steps.page import PAGE, page


def test_the_page_has_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "python -m tests.steps.page writes it"
