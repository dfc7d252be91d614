"""Guardrail: people and their jobs call from expected networks."""

from __future__ import annotations

from typing import Any

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.powers import role
from landrail.guardrails.statements import Statement, deny

_PEOPLE = (role("data-scientist-*"), role("data-engineer-*"), role("mlops-*"))
_IN_VPCS = (role("studio-*"), role("job"), role("model"))
"""Who works in a VPC of its account, and calls through its endpoints without an address."""


def _statements(facts: Facts) -> tuple[Statement, ...]:
    named = facts.option("perimeter-our-networks")
    if not named:
        return ()
    networks = [name for name in named if name.startswith("vpc-")]
    ranges = [name for name in named if not name.startswith("vpc-")]
    when: dict[str, Any] = {
        # A service that goes on with a call has no network of ours.
        "BoolIfExists": {"aws:ViaAWSService": "false"},
    }
    if ranges:
        when["NotIpAddressIfExists"] = {"aws:SourceIp": ranges}
    if networks:
        when["StringNotEqualsIfExists"] = {"aws:SourceVpc": networks}
        return (deny("*", when={**_by(*_PEOPLE, *_IN_VPCS), **when}),)
    # Without VPCs in the file, jobs would have nowhere to call from: theirs has no range.
    outside = {"Null": {"aws:SourceVpc": "true"}}
    return (
        deny("*", when={**_by(*_PEOPLE), **when}),
        deny("*", when={**_by(*_IN_VPCS), **when, **outside}),
    )


def _by(*roles: str) -> dict[str, Any]:
    return {"ArnLike": {"aws:PrincipalArn": list(roles)}}


GUARDRAIL = Guardrail(
    id="perimeter-our-networks",
    title="people and their jobs call from expected networks",
    why="keys that leak work from everywhere",
    severity="high",
    remedy="call from a network that the file names",
    kinds=("data-science", "development", "uat", "production", "data-management"),
    service_control=_statements,
    recommended=False,
    option=Option(
        "ranges of addresses (10.0.0.0/8) and VPCs (vpc-...)",
        r"vpc-[0-9a-f]{8,17}|[0-9a-f.:]+/\d{1,3}",
        names="network",
    ),
)
