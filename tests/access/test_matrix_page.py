"""The page about the matrix says what the matrix says."""

from __future__ import annotations

from pathlib import Path

from .matrix_page import page

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "access-matrix.md"


def test_the_page_is_of_the_matrix() -> None:
    hint = "python -m tests.access.matrix_page > docs/access-matrix.md"
    assert _PAGE.read_text(encoding="utf-8") == page(), hint
