"""The tree of a file, asked with care by the checks of references: whatever has the wrong shape is
absent, so that one wrong value does not hide what is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from landrail.diagnostics import Diagnostic, SourceRange, nearest
from landrail.spec.document import DEFAULT_ACCOUNTS, LOB_KINDS
from landrail.spec.texts import Text
from landrail.spec.tree import Path, Tree


class View:
    """The tree, asked with care: whatever has the wrong shape is absent."""

    def __init__(self, wanted: dict[str, Any], tree: Tree) -> None:
        self.wanted = wanted
        self.tree = tree
        self.lobs = self.texts("lines_of_business")
        self.teams = self.section("teams")
        self.datasets = self.section("datasets")
        self.accounts = self.section("accounts")
        if "accounts" not in wanted:
            self.accounts = {
                key: {"kind": entry.kind, "environments": list(entry.environments)}
                for key, entry in DEFAULT_ACCOUNTS.items()
            }

    def at(self, *path: str | int) -> Any:
        """Return the value at a path, or None."""
        value: Any = self.wanted
        for part in path:
            if isinstance(value, dict):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """Return the text at a path, or None."""
        value = self.at(*path)
        return str(value) if isinstance(value, Text) and value.tag not in ("bool", "null") else None

    def texts(self, *path: str | int) -> dict[str, Path] | None:
        """Return the texts of a list and their places; None where it is no list."""
        value = self.at(*path)
        if value is None:
            return {}
        if not isinstance(value, list):
            return None
        found: dict[str, Path] = {}
        for index in range(len(value)):
            text = self.text(*path, index)
            if text is not None:
                found.setdefault(text, (*path, index))
        return found

    def section(self, name: str) -> dict[str, Any] | None:
        """Return a mapping of names; None where it is something else."""
        value = self.at(name)
        if value is None or (isinstance(value, Text) and value.tag == "null"):
            return {}
        return value if isinstance(value, dict) else None

    def place(self, path: Path) -> SourceRange | None:
        """Return the range of a value, or of the nearest thing around it."""
        while path and path not in self.tree.ranges:
            path = path[:-1]
        return self.tree.ranges.get(path)

    def unknown(self, what: str, word: str, there: Iterable[str], path: Path) -> Diagnostic:
        """Return the mistake of a reference that leads nowhere."""
        names = list(there)
        near = nearest(word, names)
        remedy = f"did you mean `{near}`? " if near else ""
        plural = "lines of business" if what == "line of business" else f"{what}s"
        return Diagnostic(
            f"{what} `{word}` is not defined",
            f"{remedy}{plural} here: {', '.join(names) or 'none'}",
            self.place(path),
        )

    def all_accounts(self) -> list[str]:
        """Return the entries of `accounts` and the accounts of the lines of business."""
        made = [
            f"{lob}-{kind}"
            for lob in self.lobs or {}
            for kind in LOB_KINDS
            if kind != "development" or lob in (self.texts("development") or {})
        ]
        return [*(self.accounts or {}), *made]
