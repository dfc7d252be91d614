"""A platform that really stands on a local AWS of its own, for the tests of plan and apply.

Its wanted things are compiled from a file and narrowed to the organization, the baseline of every
account and one stack with a bucket, so that a test takes seconds. Tests share the platform: each
leaves it as it found it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme_platform import BUCKET, FILE

from landrail.aws.observe import observe
from landrail.aws.sessions import Identity
from landrail.compiler import compile_platform
from landrail.operations import local
from landrail.operations.apply import apply_plan
from landrail.operations.performing import Result
from landrail.operations.plan import Prepared, prepare
from landrail.operations.project import open_project
from landrail.operations.target import open_target
from landrail.resources import Account, AccountDefaults, Stack, Wanted

ACCOUNTS = ("management", "log-archive", "retail-uat", "retail-production")


def narrowed(wanted: Wanted) -> Wanted:
    """The organization, four accounts with their baselines, and a bucket."""
    kept: list[Any] = []
    for resource in wanted.resources:
        if isinstance(resource, Account) and resource.name not in ACCOUNTS:
            continue
        if isinstance(resource, AccountDefaults) and resource.account not in ACCOUNTS:
            continue
        if isinstance(resource, Stack):
            base = resource.name in ("landrail-operator", "landrail-baseline")
            if not base or resource.account not in ACCOUNTS:
                continue
        kept.append(resource)
    bucket = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketName": BUCKET,
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    }
    template = {"Resources": {"Bucket": bucket}, "Outputs": {"Name": {"Value": BUCKET}}}
    kept.append(Stack("retail-uat", "eu-west-1", "stage", template, protected=True))
    return dataclasses.replace(wanted, resources=tuple(kept))


@dataclasses.dataclass
class Standing:
    """The platform under test: `wanted` may be replaced for one test."""

    file: Path
    wanted: Wanted

    def prepare(self, **options: Any) -> Prepared:
        """Plan as the command does."""
        return prepare(self.file, compiled=lambda _: self.wanted, **options)

    def named(self, prepared: Prepared | None = None) -> dict[str, str]:
        """Return address -> action of what would change by a plan, or by one made now."""
        plan = (prepared or self.prepare()).plan
        return {str(c.address): c.action.value for c in (*plan.pending, *plan.refused)}

    def apply(self, **options: Any) -> Result:
        """Plan and perform."""
        return apply_plan(self.prepare(**options))

    def call(self, account: str, service: str, operation: str, **given: Any) -> dict[str, Any]:
        """Make a call in an account as the platform does."""
        target = open_target(open_project(self.file))
        entrances = target.entrances
        who: Identity = entrances.management()
        if account != "organization":
            observed = observe(entrances, self.wanted, refresh=False)
            who = entrances.member(observed.accounts[account].account_id)
        return entrances.connection.call(who, service, operation, **given)

    def ids(self) -> dict[tuple[str, str], str]:
        """The ids of OUs, accounts and policies."""
        observed = self.prepare(refresh=False).observed
        assert observed.organization is not None
        return {
            ("root", "root"): observed.organization.root_id,
            **{("ou", path): unit.unit_id for path, unit in observed.units.items()},
            **{("account", n): a.account_id for n, a in observed.accounts.items()},
            **{("policy", n): p.policy_id for n, p in observed.policies.items()},
        }


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A platform that stands."""
    folder = tmp_path_factory.mktemp("platform")
    file = folder / "landrail.yaml"
    file.write_text(FILE, encoding="utf-8")
    wanted = narrowed(compile_platform(open_project(file).document))
    standing = Standing(file, wanted)
    try:
        result = standing.apply(start=True)
        assert result.ok, (result.failed, result.skipped)
        yield standing
    finally:
        local.stop(folder / ".landrail")
