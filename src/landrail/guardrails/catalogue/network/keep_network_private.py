"""Guardrail: no network of data science, UAT and production gets a way out."""

from __future__ import annotations

import re

from landrail.guardrails.actions import writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny

_WAYS = (
    "CarrierGateway",
    "ClientVpn",
    "InternetGateway",
    "NatGateway",
    "TransitGateway",
    "VpcEndpoint",
    "VpcPeering",
    "VpnConnection",
    "VpnGateway",
)

_KEPT = "VpcEndpoint"
"""What must not be taken away either; closing another way harms nobody."""

_CLOSING = ("Delete", "Deregister", "Detach", "Disable", "Disassociate", "Reject", "Unassign")


def _private(_facts: Facts) -> tuple[Statement, ...]:
    opening = {
        f"ec2:{_verb(name)}*{way}*"
        for name in writes("ec2")
        for way in _WAYS
        if way in name and (way == _KEPT or not name.startswith(_CLOSING))
    }
    return (deny(tuple(sorted(opening)), unless=MAKERS),)


def _verb(name: str) -> str:
    found = re.match(r"[A-Z][a-z]+", name)
    return found[0] if found else name


GUARDRAIL = Guardrail(
    id="keep-network-private",
    title="no network of data science, UAT and production gets a way out",
    why="one way out is enough for data to leave by it",
    severity="high",
    remedy="reach services by the endpoints of the platform's network",
    kinds=("data-science", "development", "uat", "production"),
    service_control=_private,
)
