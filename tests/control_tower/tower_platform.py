"""A small platform, applied with and without Control Tower, and what stands of it."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Any

from landrail.compiler import compile_platform
from landrail.operations import local
from landrail.operations.apply import apply_plan
from landrail.operations.performing import Result
from landrail.operations.plan import Prepared, prepare
from landrail.operations.tower import set_up
from landrail.resources import Account, AccountDefaults, Stack, Wanted, account_id
from landrail.spec import Platform
from landrail.spec.landing_zone import LandingZone

FILE = """\
platform: acme-air
region: eu-west-1
email: aws+{account}@acme-air.example
lines_of_business: [passengers]
accounts:
  shared: {kind: shared-services, environments: [prod]}
  data: {kind: data-management, environments: [prod]}
operators: [olga]
security: [sam]
break_glass: [olga]
administrators: [adam]
auditors: [audrey]
control_tower: MODE
"""
ACCOUNTS = ("management", "log-archive", "audit", "passengers-uat")
_OTHERS = ("shared-prod", "data-prod", "passengers-data-science", "passengers-production")
_STACKS = ("operator", "baseline", "log-archive", "trail", "detect", "aggregator")


def narrowed(document: Platform) -> Wanted:
    """The organization, four accounts with their baselines, trail and recorders."""
    kept: list[Any] = []
    wanted = compile_platform(document)
    for resource in wanted.resources:
        if isinstance(resource, Account) and resource.name not in ACCOUNTS:
            continue
        if isinstance(resource, AccountDefaults):
            continue
        if isinstance(resource, Stack):
            concern = resource.name.removeprefix("landrail-").partition("-rules")[0]
            if resource.account not in ACCOUNTS or concern not in _STACKS:
                continue
            resource = dataclasses.replace(resource, template=_seen(resource.template))
        kept.append(resource)
    return dataclasses.replace(wanted, resources=tuple(kept))


def _seen(value: Any) -> Any:
    """The template with no other accounts in lists: the aggregator's sources."""
    if isinstance(value, dict):
        return {key: _seen(inner) for key, inner in value.items()}
    if isinstance(value, list):
        others = {account_id(name) for name in _OTHERS}
        return [_seen(one) for one in value if not isinstance(one, str) or one not in others]
    return value


@dataclasses.dataclass
class Standing:
    """An applied platform."""

    folder: Path
    version: str

    @property
    def file(self) -> Path:
        """Its file."""
        return self.folder / "landrail.yaml"

    def write(self, mode: str) -> None:
        """Write the file, with a `control_tower`."""
        self.file.write_text(FILE.replace("MODE", mode), encoding="utf-8")

    @property
    def governed(self) -> bool:
        """Whether a landing zone is there."""
        return bool(self.version)

    def prepare(self) -> Prepared:
        """Plan, without a look for drift inside stacks."""
        return prepare(self.file, compiled=narrowed, refresh=False, start=True)

    def apply(self) -> Result:
        """Plan and perform."""
        return apply_plan(self.prepare())

    @cached_property
    def seen(self) -> Prepared:
        """A plan of what was applied."""
        return self.prepare()

    def call(self, account: str, service: str, operation: str, **given: Any) -> dict[str, Any]:
        """Make a call in an account as the platform."""
        entrances = self.seen.target.entrances
        who = entrances.member(self.seen.observed.accounts[account].account_id)
        return entrances.connection.call(who, service, operation, **given)

    @property
    def zone(self) -> LandingZone | None:
        """The landing zone that it stands on."""
        return self.seen.project.document.landing_zone

    def policies(self, account: str, *, ours: bool) -> list[dict[str, Any]]:
        """The statements of service control policies from the root down to an account: ours, or
        those of Control Tower."""
        seen = self.seen.observed
        place = seen.accounts[account].ou or ""
        parts = place.split("/") if place else []
        above = [f"ou/{'/'.join(parts[:n])}" for n in range(1, len(parts) + 1)]
        targets = ("root", *above, f"account/{account}")
        found: list[dict[str, Any]] = []
        for attached in seen.attachments:
            policy = seen.policies[attached.policy]
            theirs = policy.name.startswith("aws-guardrails-")
            if policy.type != "SERVICE_CONTROL_POLICY" or theirs is ours:
                continue
            if attached.target in targets:
                listed = policy.document["Statement"]
                found += listed if isinstance(listed, list) else [listed]
        return found


def stand(
    folder: Path, version: str, without: tuple[str, ...], mode: str | None = None
) -> Standing:
    """Apply the platform, on a landing zone of a version or on none."""
    standing = Standing(folder, version)
    standing.write(mode or ("existing" if version else "none"))
    if version:
        set_up(standing.file, version, without)
    result = standing.apply()
    assert result.ok, (result.failed, result.skipped)
    return standing


def fall(folder: Path) -> None:
    """Stop its local AWS."""
    local.stop(folder / ".landrail")


def effects(statements: list[dict[str, Any]]) -> Counter[str]:
    """What statements do, without their names."""
    plain = [{k: v for k, v in one.items() if k != "Sid"} for one in statements]
    return Counter(json.dumps(_listed(one), sort_keys=True) for one in plain)


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return sorted(value) if isinstance(value, list) else [value]
