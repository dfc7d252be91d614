"""A small platform that stands, for the tests of the audit: what is made of the file, and calls."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from landrail.aws.observe import observe
from landrail.aws.sessions import Identity
from landrail.compiler import compile_platform
from landrail.operations.apply import apply_plan
from landrail.operations.enter import enter
from landrail.operations.performing import Result
from landrail.operations.plan import prepare
from landrail.operations.project import open_project
from landrail.operations.target import open_target
from landrail.resources import Stack, Wanted
from landrail.resources.kinds import Resource

FILE = """\
platform: acme
region: eu-west-1
email: aws+{account}@acme.example
lines_of_business: [retail]
accounts:
  shared: {kind: shared-services, environments: [prod]}
  data: {kind: data-management, environments: [prod]}
operators: [olga]
auditors: [audrey]
break_glass: [brit]
"""
STACKS = tuple(
    f"landrail-{concern}"
    for concern in ("operator", "baseline", "log-archive", "trail", "detect", "aggregator")
)


def narrowed(wanted: Wanted) -> Wanted:
    """The organization and its accounts with their baselines and recorders."""
    kept: tuple[Resource, ...] = tuple(
        resource
        for resource in wanted.resources
        if not isinstance(resource, Stack) or resource.name in STACKS
    )
    return dataclasses.replace(wanted, resources=kept)


@dataclasses.dataclass
class Standing:
    """The platform under test."""

    file: Path

    @property
    def wanted(self) -> Wanted:
        """What stands of the file."""
        return narrowed(compile_platform(open_project(self.file).document))

    def apply(self) -> Result:
        """Make it."""
        wanted = self.wanted
        return apply_plan(prepare(self.file, start=True, compiled=lambda _: wanted))

    def call(self, account: str, service: str, operation: str, **given: Any) -> dict[str, Any]:
        """Make a call as break-glass of an account; as the operator in `organization`."""
        entrances = open_target(open_project(self.file)).entrances
        who = entrances.management()
        if account != "organization":
            session = enter(self.file, f"brit/break-glass@{account}").session
            who = Identity("brit", lambda: (session.credentials, session.expires))
        return entrances.connection.call(who, service, operation, **given)

    def units(self) -> dict[str, str]:
        """Ids of OUs by path."""
        entrances = open_target(open_project(self.file)).entrances
        observed = observe(entrances, self.wanted, refresh=False)
        return {path: unit.unit_id for path, unit in observed.units.items()}
