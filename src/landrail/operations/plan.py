"""Making a plan: the file compiled, AWS observed, the two compared, change sets asked for what
they would replace. Changes nothing that stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from landrail.aws.deploying import preview_stack
from landrail.aws.errors import CallError, ChangeFailed, failure
from landrail.aws.observe import observe
from landrail.aws.world import World
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.governed import governed
from landrail.operations.project import Project, open_project
from landrail.operations.recipes import compile_project
from landrail.operations.target import Target, open_target
from landrail.plan import (
    Given,
    Observed,
    Plan,
    Preview,
    from_json,
    make_plan,
    previewable,
    settled,
    to_json,
)
from landrail.resources import Address, Stack, Wanted
from landrail.spec import Platform

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with what it was made from, ready to be shown or performed."""

    project: Project
    target: Target
    wanted: Wanted
    observed: Observed
    plan: Plan


def prepare(
    file: Path,
    *,
    accept: Iterable[str] = (),
    refresh: bool = True,
    start: bool = False,
    parallel: int | None = None,
    opened: Callable[[Project, Target], None] = lambda _project, _target: None,
    told: Told = lambda _: None,
    compiled: Callable[[Platform], Wanted] | None = None,
) -> Prepared:
    """Plan a file; `opened` hears of the target before anything is read there, `told` of what is
    being done, `compiled` makes what is wanted. Raises Mistakes and Failure."""
    project = open_project(file)
    wanted = compile_project(project) if compiled is None else compiled(project.document)
    target = open_target(project, start=start, parallel=parallel)
    opened(project, target)
    if project.document.landing_zone is not None:
        told("looking for the landing zone")
        project = governed(project, target)
        wanted = compile_project(project) if compiled is None else compiled(project.document)
    given = Given(str(file), f"sha256:{project.digest}", frozenset(accept))
    told("reading what is there")
    try:
        observed = observe(target.entrances, wanted, refresh=refresh)
        wanted = settled(wanted, observed)
        plan = make_plan(wanted, observed, given, {})
        asked = previewable(plan, observed)
        if asked:
            told(f"asking CloudFormation what {len(asked)} stacks would replace")
            previews = _previews(target, wanted, observed, plan, asked)
            plan = make_plan(wanted, observed, given, previews)
    except CallError as error:
        raise failure(error, "reading what is there") from error
    _check_accepted(plan, given.accept)
    return Prepared(project, target, wanted, observed, plan)


def save(plan: Plan, path: Path) -> None:
    """Write a plan to a file; raises Failure."""
    try:
        path.write_text(json.dumps(to_json(plan), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Failure(f"the plan cannot be written to `{path}`: {error.strerror}") from error


def read(path: Path) -> Plan:
    """Read a saved plan; raises Mistakes."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistakes([Diagnostic(f"there is no plan `{path}`: {error.strerror}")]) from error
    except ValueError as error:
        raise Mistakes([Diagnostic(f"`{path}` is no plan: it is not JSON")]) from error
    return from_json(document)


def _previews(
    target: Target,
    wanted: Wanted,
    observed: Observed,
    plan: Plan,
    asked: tuple[Address, ...],
) -> dict[Address, tuple[Preview, ...]]:
    world = World(target.entrances, wanted, observed)
    stacks = {stack.address: stack for stack in wanted.of_kind(Stack)}
    changes = {change.address: change for change in plan.changes}
    known = [address for address in asked if address in stacks]

    def ask(address: Address) -> tuple[Preview, ...]:
        drift = bool(changes[address].facts.get("drift"))
        return preview_stack(world, stacks[address], revert_drift=drift)

    try:
        with ThreadPoolExecutor(world.connection.parallel, thread_name_prefix="preview") as pool:
            return dict(zip(known, pool.map(ask, known), strict=True))
    except ChangeFailed as failed:
        raise Failure(str(failed), "the plan was not finished; nothing was changed") from failed


def _check_accepted(plan: Plan, accept: frozenset[str]) -> None:
    """An address that accepts nothing is a slip of the pen, and worth stopping for."""
    addresses = {str(change.address) for change in plan.changes}
    wrong = sorted(accept - addresses)
    if wrong:
        raise Mistakes([_not_there(address, addresses) for address in wrong])


def _not_there(address: str, addresses: set[str]) -> Diagnostic:
    near = nearest(address, addresses)
    hint = f"did you mean `{near}`?" if near else "`landrail plan` lists the addresses"
    return Diagnostic(f"--accept: there is nothing at `{address}`", hint)
