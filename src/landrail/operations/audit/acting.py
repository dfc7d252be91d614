"""Who puts right what an audit finds: the platform role of each account, or a person of break-glass
by name. Which of them it was is in the account's trail."""

from __future__ import annotations

from collections.abc import Callable

from landrail.aws.entering import NoEntry
from landrail.aws.sessions import Identity
from landrail.compiler import wanted_of
from landrail.operations.audit.values import Audit
from landrail.operations.persons import signed_in, way_of

Actor = Callable[[str], Identity]
"""Gives who makes the changes in an account, by its id; raises NoEntry."""
_BREAK_GLASS = "break-glass"


def by_platform(made: Audit) -> Actor:
    """Return the platform role as who makes the changes."""

    def enter(account_id: str) -> Identity:
        held = made.target.entrances.platform_only(account_id)
        if held is None:
            raise NoEntry(f"the platform role of {account_id} cannot be entered")
        return held

    return enter


def by_break_glass(made: Audit, person: str) -> Actor:
    """Return a person of break-glass as who makes the changes; raises Mistakes for others."""
    wanted = wanted_of(made.project.document)
    way_of(wanted, person, (_BREAK_GLASS,))
    held: dict[str, Identity] = {}

    def enter(account_id: str) -> Identity:
        if account_id not in held:
            entry = f"{person}/{_BREAK_GLASS}@{made.names[account_id]}"
            held[account_id] = signed_in(made.project, made.target, wanted, entry)
        return held[account_id]

    return enter
