"""The user by whom the local AWS is begun: which it is, for those who must tell it apart.

It stands for the root user's first sign-in and is not used after it. No organization of AWS has
it, so Config does not record it and the audit does not look at it.
"""

from __future__ import annotations

from landrail.localaws.store.tables import Tables

BEGINNING = "landrail.bootstrap"
"""The table of the first start."""
USER = "bootstrap"


def beginner(tables: Tables) -> str:
    """Return the ARN of the user; empty before the first start is over."""
    kept = tables.table(BEGINNING).get("management")
    return f"arn:aws:iam::{kept['account']}:user/{USER}" if kept else ""
