"""The list of checks as a page of the documentation, made of the table."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.policy.lint.finding import Level
from landrail.policy.lint.table import CHECKS

_LEVELS = {
    Level.ERROR: ("Errors", "AWS refuses to store such a policy, and so does the local AWS."),
    Level.SECURITY: ("Security warnings", "The policy opens more than it seems to."),
    Level.WARNING: ("Warnings", "The policy, or a part of it, does not do what it says."),
    Level.SUGGESTION: ("Suggestions", "It could be said more clearly."),
}


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Checks of policies"
    yield ""
    yield f"What `landrail policy lint` looks for, {len(CHECKS)} checks. Ids and levels do not"
    yield "change. Actions, resources and condition keys are held against AWS's Service"
    yield "Authorization Reference. Made by `python -m landrail.policy.lint > docs/policy-lint.md`."
    for level, (title, meaning) in _LEVELS.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield meaning
        yield ""
        yield "| id | finds |"
        yield "|---|---|"
        for check in CHECKS:
            if check.level is level:
                yield f"| `{check.id}` | {check.about} |"
