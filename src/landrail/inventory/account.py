"""The row of an account itself: what all tables of the type `AWS::::Account` begin with."""

from __future__ import annotations

from typing import Any

from landrail.inventory.ask import Ask


def account_row(ask: Ask) -> dict[str, Any]:
    """Return the account that is asked, as Config names it."""
    return {
        "resource_id": ask.account,
        "resource_name": ask.account,
        "arn": f"arn:aws:iam::{ask.account}:root",
    }
