"""Is the file right? Everything that can be known without AWS: keys, references, sizes, quotas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from landrail.compiler import wanted_of
from landrail.diagnostics import Diagnostic, Mistakes, Severity
from landrail.operations.init import DEFAULT_QUOTA
from landrail.operations.project import Project, open_project
from landrail.operations.recipes import diagnose_project
from landrail.resources import Account, Policy, Stack, Wanted


@dataclass(frozen=True, slots=True)
class Checked:
    """A right file: what it makes, and what is worth knowing about it."""

    project: Project
    accounts: tuple[str, ...]
    stacks: int
    resources: int
    policies: int
    warnings: tuple[Diagnostic, ...]


def check(path: Path, today: date | None = None) -> Checked:
    """Check a file; raises Mistakes with every mistake. `today` is for grants that have ended."""
    project = open_project(path)
    wanted = wanted_of(project.document)
    found = [
        *diagnose_project(project, wanted),
        *_accounts(project, wanted),
        *_ended(project, today or datetime.now(UTC).date()),
    ]
    if any(d.severity is Severity.ERROR for d in found):
        raise Mistakes(found)
    stacks = wanted.of_kind(Stack)
    return Checked(
        project=project,
        accounts=tuple(account.name for account in wanted.of_kind(Account)),
        stacks=len(stacks),
        resources=sum(len(stack.template["Resources"]) for stack in stacks),
        policies=len(wanted.of_kind(Policy)),
        warnings=tuple(found),
    )


def _accounts(project: Project, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield two accounts of one e-mail address, and more accounts than a new organization takes."""
    by_email: dict[str, str] = {}
    for account in wanted.of_kind(Account):
        other = by_email.setdefault(account.email.lower(), account.name)
        if other != account.name:
            yield Diagnostic(
                f"accounts `{other}` and `{account.name}` would have the address {account.email}",
                "AWS wants an address of its own for each account",
                project.document.where("email"),
            )
    count = len(wanted.of_kind(Account))
    if count > DEFAULT_QUOTA and not project.document.target.is_local:
        yield Diagnostic(
            f"the file makes {count} accounts; a new AWS organization may have {DEFAULT_QUOTA}",
            "ask AWS for a higher quota first, or use `environments: [prod]`",
            project.document.where("lines_of_business"),
            Severity.WARNING,
        )


def _ended(project: Project, today: date) -> Iterator[Diagnostic]:
    for name, dataset in project.document.datasets.items():
        if dataset.expires is not None and dataset.expires < today:
            yield Diagnostic(
                f"the grants of data set `{name}` ended on {dataset.expires}",
                "nobody may read it by them; write a later day to renew",
                project.document.where("datasets", name, "expires"),
                Severity.WARNING,
            )
