"""Numbers of things, in words."""

from __future__ import annotations


def counted(number: int, word: str) -> str:
    """Return a number and a noun, in the plural where it belongs: `1 account`, `2,000 accounts`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
