"""The page of rules is made of the rules, and stands as it would be made."""

from __future__ import annotations

from pathlib import Path

from landrail.rules.page import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_up_to_date():
    kept = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert kept == page(), "run `python -m landrail.rules > docs/rules.md`"
