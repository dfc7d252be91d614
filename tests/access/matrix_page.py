"""`docs/access-matrix.md`, made of the matrix: `python -m tests.access.matrix_page` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.access.matrix_data import acts, people, tables

_TOP = """# Who may do what

Each table is a kind of account; its columns are the roles that there are in it
([platform.md](platform.md#roles-all-with-path-landrail)). `yes`: allowed, empty: denied. Every cell
is tried by a real call of that role against an applied platform, with and without
[Control Tower](control-tower.md); a call that fails for any reason but a policy counts as wrong.

The roles of one team, one line of business and one person stand for all. What a table does not ask
does not exist in its kind of account. "The platform's" roles, buckets and stacks are those that the
file makes; "one's own" are all others. This page is made of `tests/access/matrix/` by
`python -m tests.access.matrix_page`.
"""
_ENTERING = """## Who signs in

Nobody but these people enters a role of the account (here those of the example `airline`), and
nobody at all the roles of machines: services enter these, and other roles as `platform.md` says.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _TOP
    named = acts()
    for table in tables().values():
        yield f"## {table.kind}"
        yield ""
        yield f"| | {' | '.join(f'`{role}`' for role in table.roles)} |"
        yield f"|---|{'---|' * len(table.roles)}"
        for act, letters in table.rows.items():
            cells = " | ".join("yes" if letters[role] else "" for role in table.roles)
            yield f"| {named[act].shows} (`{named[act].step.call}`) | {cells} |"
        yield ""
    yield _ENTERING
    yield "| kind of account | who |"
    yield "|---|---|"
    for kind, entered in people().items():
        said = "; ".join(
            f"{who}: {', '.join(f'`{r}`' for r in roles)}" for who, roles in entered.items()
        )
        yield f"| {kind} | {said} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
