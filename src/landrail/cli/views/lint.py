"""The findings about policies as lines (place, level, what, remedy) and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from landrail.cli import screen
from landrail.operations.policy import PolicyText
from landrail.policy.lint import Finding, Level

Checked = Sequence[tuple[PolicyText, Sequence[Finding]]]
_PAINT = {
    Level.ERROR: screen.red,
    Level.SECURITY: screen.red,
    Level.WARNING: screen.yellow,
    Level.SUGGESTION: screen.faint,
}


def lint_lines(checked: Checked) -> Iterator[str]:
    """Yield the findings of each policy, and what they come to."""
    for policy, found in checked:
        for finding in found:
            at = finding.position
            level = finding.lint.level
            yield f"{policy.name}:{at.line}:{at.column}  {_PAINT[level](level.value)}  " + (
                screen.faint(finding.lint.id)
            )
            yield from screen.folded(finding.summary, " " * 4)
            if finding.remedy:
                yield from screen.folded(finding.remedy, " " * 4)
    yield _closing(checked)


def _closing(checked: Checked) -> str:
    counts = _counts(checked)
    told = [
        f"{n} {level}{'s' if n > 1 and level != 'security' else ''}"
        for level, n in counts.items()
        if n
    ]
    kinds = sorted({policy.kind for policy, _ in checked})
    what = "1 policy" if len(checked) == 1 else f"{len(checked)} policies"
    return f"{what} ({', '.join(kinds)}): {', '.join(told) or screen.green('nothing found')}"


def lint_data(checked: Checked, *, ok: bool) -> dict[str, Any]:
    """Return the JSON twin."""
    return {
        "ok": ok,
        "counts": _counts(checked),
        "files": [
            {"file": policy.name, "kind": policy.kind, "findings": [f.to_json() for f in found]}
            for policy, found in checked
        ],
    }


def _counts(checked: Checked) -> dict[str, int]:
    every = [f.lint.level for _, found in checked for f in found]
    return {level.value: every.count(level) for level in Level}
