"""Performing exactly a plan: the one just made, or a saved one that still fits file and AWS."""

from __future__ import annotations

import threading

from landrail.aws.perform import perform
from landrail.aws.world import World
from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.operations.performing import Execute, Listener, Result, perform_plan
from landrail.operations.plan import Prepared
from landrail.plan import Action, Change, Plan
from landrail.resources import Address, Resource


def check_unchanged(saved: Plan, prepared: Prepared) -> None:
    """Refuse a saved plan that was made from another file or another state; raises Failure."""
    now = prepared.plan
    if saved.purpose != "apply" or saved.platform != now.platform:
        raise Mistakes([Diagnostic(f"the plan is to {saved.purpose} {saved.platform}")])
    remedy = "look at the new one: `landrail plan`"
    if saved.file_digest != now.file_digest:
        raise Failure("the file has changed since the plan was made", remedy)
    if saved.basis != now.basis:
        raise Failure("what is there has changed since the plan was made", remedy)


def check_not_refused(plan: Plan) -> None:
    """Refuse a plan with refused changes; raises Failure that names each."""
    if not plan.refused:
        return
    words = "; ".join(f"{change.address}: {change.reason}" for change in plan.refused)
    accepts = " ".join(f"--accept {c.accept}" for c in plan.refused if c.accept)
    remedy = f"accept what you mean: {accepts}" if accepts else None
    raise Failure(f"the plan is refused: {words}. Nothing was changed", remedy)


def apply_plan(
    prepared: Prepared,
    plan: Plan | None = None,
    *,
    listener: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Perform a plan (the prepared one, or a saved one that `check_unchanged` passed)."""
    performed = plan or prepared.plan
    check_not_refused(performed)
    preflight(prepared, performed)
    world = World(prepared.target.entrances, prepared.wanted, prepared.observed)
    execute = _executing(world, prepared)
    return perform_plan(performed, execute, world.connection, listener=listener, stop=stop)


def preflight(prepared: Prepared, plan: Plan) -> None:
    """Refuse before anything is made what AWS would refuse half-way: two accounts of one e-mail
    address, an address taken by an account that the file knows by another name."""
    creating = [
        c for c in plan.changes if c.address.kind == "account" and c.action is Action.CREATE
    ]
    emails = {a.email.lower(): a for a in prepared.observed.accounts.values()}
    seen: dict[str, Address] = {}
    mistakes = []
    for change in creating:
        email = change.summary.lower()
        other = seen.setdefault(email, change.address)
        if email in emails:
            taken = emails[email]
            summary = f"{email} of account `{change.address.name}` is taken by {taken.account_id}"
            mistakes.append(Diagnostic(summary, "change `email` in the file, or give it the `id`"))
        elif other != change.address:
            summary = f"accounts `{other.name}` and `{change.address.name}` have one e-mail address"
            mistakes.append(Diagnostic(summary, "put {account} into `email`"))
    if mistakes:
        raise Mistakes(mistakes)


def _executing(world: World, prepared: Prepared) -> Execute:
    resources: dict[Address, Resource] = {r.address: r for r in prepared.wanted.resources}

    def execute(change: Change, progress: object) -> None:
        assert callable(progress)
        perform(world, resources.get(change.address), change, progress)

    return execute
