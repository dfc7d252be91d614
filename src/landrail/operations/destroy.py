"""Taking a platform down. Data, keys and accounts are kept and listed; running it again is safe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from landrail.aws.dismantle import dismantle
from landrail.aws.errors import CallError, failure
from landrail.aws.observe import observe
from landrail.aws.stacks import released_stacks
from landrail.aws.world import World
from landrail.compiler import compile_platform
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.governed import governed
from landrail.operations.performing import Listener, Result, perform_plan
from landrail.operations.plan import Prepared
from landrail.operations.project import Project, open_project
from landrail.operations.target import Target, open_target
from landrail.plan import Change, Given, Observed, kept, make_destroy_plan
from landrail.plan.marks import SUSPENDED
from landrail.resources import Account, Wanted
from landrail.spec import Platform

_RELEASED_TO = ("uat", "production")


def prepare_destroy(
    file: Path,
    *,
    include_data: Iterable[str] = (),
    parallel: int | None = None,
    opened: Callable[[Project, Target], None] = lambda _project, _target: None,
    compiled: Callable[[Platform], Wanted] = compile_platform,
) -> Prepared:
    """Plan the way down. Raises Mistakes and Failure."""
    project = open_project(file)
    wanted = compiled(project.document)
    with_data = frozenset(include_data)
    _check_names(wanted, with_data)
    target = open_target(project, parallel=parallel)
    opened(project, target)
    if project.document.landing_zone is not None:
        project = governed(project, target)
        wanted = compiled(project.document)
    try:
        observed = observe(target.entrances, wanted)
    except CallError as error:
        raise failure(error, "reading what is there") from error
    if observed.accounts and SUSPENDED not in observed.units:
        raise Failure(f"there is no OU `{SUSPENDED}` to move accounts to", "run `landrail apply`")
    given = Given(str(file), f"sha256:{project.digest}")
    released = _released(target, wanted, observed)
    plan = make_destroy_plan(wanted, observed, given, with_data, released)
    return Prepared(project, target, wanted, observed, plan)


def destroy(
    prepared: Prepared,
    *,
    listener: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Perform a plan of `prepare_destroy`."""
    world = World(prepared.target.entrances, prepared.wanted, prepared.observed)
    stays = list(kept(prepared.plan))

    def execute(change: Change, progress: Callable[[str], None]) -> None:
        dismantle(world, change, progress, stays.append)

    done = perform_plan(prepared.plan, execute, world.connection, listener=listener, stop=stop)
    return replace(done, kept=tuple(stays))


def _released(target: Target, wanted: Wanted, observed: Observed) -> dict[str, tuple[str, ...]]:
    """Return the stacks of released models by account, in the accounts that can be read."""
    entrances = target.entrances
    found = {}
    for account in wanted.of_kind(Account):
        if account.kind in _RELEASED_TO and account.name in observed.contents:
            who = entrances.member(observed.accounts[account.name].account_id)
            found[account.name] = released_stacks(entrances.connection, who)
    return found


def _check_names(wanted: Wanted, include_data: frozenset[str]) -> None:
    names = {account.name for account in wanted.of_kind(Account)}
    wrong = sorted(include_data - names)
    if wrong:
        raise Mistakes([_unknown(name, names) for name in wrong])


def _unknown(name: str, names: set[str]) -> Diagnostic:
    near = nearest(name, names)
    hint = f"did you mean `{near}`?" if near else f"accounts here: {', '.join(sorted(names))}"
    return Diagnostic(f"--include-data: account `{name}` is not defined", hint)
