"""Move the change notes of this folder into CHANGELOG.md under a new version."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
CHANGELOG = HERE.parent / "CHANGELOG.md"
NAME = re.compile(r"(added|changed|fixed|removed)-[a-z0-9]+(-[a-z0-9]+)*\.md")
_MARK = "<!-- releases -->\n"


def notes() -> dict[str, list[Path]]:
    """Return the notes by kind, in the order of the changelog."""
    kinds: dict[str, list[Path]] = {"added": [], "changed": [], "fixed": [], "removed": []}
    for path in sorted(HERE.glob("*.md")):
        match = NAME.fullmatch(path.name)
        if match:
            kinds[match[1]].append(path)
    return {kind: paths for kind, paths in kinds.items() if paths}


def section(version: str) -> str:
    """Return the changelog's section for a version."""
    lines = [f"## {version} ({datetime.now(UTC).date()})", ""]
    for kind, paths in notes().items():
        lines += [f"### {kind.capitalize()}", ""]
        lines += [f"- {' '.join(path.read_text(encoding='utf-8').split())}" for path in paths]
        lines += [""]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the section and delete the notes."""
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+\.\d+\.\d+", sys.argv[1]):
        sys.stderr.write("usage: python changes/collect.py VERSION\n")
        return 2
    text = CHANGELOG.read_text(encoding="utf-8")
    CHANGELOG.write_text(text.replace(_MARK, _MARK + "\n" + section(sys.argv[1]), 1), "utf-8")
    for paths in notes().values():
        for path in paths:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
