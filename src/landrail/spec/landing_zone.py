"""The landing zone that `control_tower: existing` stands on: what AWS Control Tower has made.

Read in the organization before the file is compiled, because it decides what is left to make. A
value; who reads it is the business of `aws`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OfferedControl:
    """A control of the Control Catalog: its names, its ARN, and the managed Config rule that it is,
    if it is one."""

    arn: str
    aliases: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class LandingZone:
    """A landing zone. `security_unit` is the OU of its own accounts, which are empty where it has
    none; `trail` and `config` say whether it keeps a trail of the organization and records the
    accounts; `policies` how many of its policies a target carries at most; `baseline`, `version`
    and `parameters` are what registers an OU."""

    arn: str = ""
    version: str = ""
    security_unit: str = "Security"
    log_account: str = ""
    audit_account: str = ""
    trail: bool = True
    config: bool = True
    policies: int = 0
    baseline: str = ""
    baseline_version: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    controls: tuple[OfferedControl, ...] = ()

    @property
    def known(self) -> bool:
        """Whether it was read, or is what one is assumed to be before anybody looked."""
        return bool(self.arn)

    @property
    def enters(self) -> bool:
        """Whether Control Tower works in accounts, under its execution role."""
        return self.config or self.trail


ASSUMED = LandingZone()
"""What a file is checked with before the organization was looked at."""
EXECUTION_ROLE = "AWSControlTowerExecution"
"""The role in each account through which Control Tower governs it."""


def landing_zone_of(document: Mapping[str, Any]) -> LandingZone:
    """Return a landing zone from its plain form; raises TypeError and KeyError."""
    offered = tuple(
        OfferedControl(one["arn"], tuple(one["aliases"]), one["rule"])
        for one in document["controls"]
    )
    return LandingZone(**{**document, "controls": offered})
