"""Guardrail: people and their jobs call from expected networks."""

from __future__ import annotations

from typing import Any

from landrail.guardrails.guardrail import Facts, Guardrail, Option
from landrail.guardrails.powers import role
from landrail.guardrails.statements import Statement, deny

_WHO = (
    role("data-scientist-*"),
    role("data-engineer-*"),
    role("mlops-*"),
    role("studio-*"),
    role("job"),
    role("model"),
)


def _statements(facts: Facts) -> tuple[Statement, ...]:
    named = facts.option("perimeter-our-networks")
    if not named:
        return ()
    networks = [name for name in named if name.startswith("vpc-")]
    ranges = [name for name in named if not name.startswith("vpc-")]
    when: dict[str, Any] = {
        "ArnLike": {"aws:PrincipalArn": list(_WHO)},
        # A service that goes on with a call has no network of ours.
        "BoolIfExists": {"aws:ViaAWSService": "false"},
    }
    if ranges:
        when["NotIpAddressIfExists"] = {"aws:SourceIp": ranges}
    if networks:
        when["StringNotEqualsIfExists"] = {"aws:SourceVpc": networks}
    return (deny("*", when=when),)


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
