"""Guardrails of the private network: no way out is opened, and nobody but the platform says where
jobs run."""

from __future__ import annotations

import re

from landrail.guardrails.actions import patterns, writes, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
    vending_role,
)

_MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())
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
    return (deny(tuple(sorted(opening)), unless=_MAKERS),)


def _verb(name: str) -> str:
    found = re.match(r"[A-Z][a-z]+", name)
    return found[0] if found else name


def _parameters(_facts: Facts) -> tuple[Statement, ...]:
    changes = patterns("ssm", writes_on("ssm", "parameter"))
    return (deny(changes, "arn:aws:ssm:*:*:parameter/landrail/*", unless=_MAKERS),)


def _volumes(_facts: Facts) -> tuple[Statement, ...]:
    actions = (
        "ec2:DisableEbsEncryptionByDefault",
        "ec2:ModifyEbsDefaultKmsKeyId",
        "ec2:ResetEbsDefaultKmsKeyId",
    )
    return (deny(actions, unless=_MAKERS),)


PRIVATE = Guardrail(
    name="keep-network-private",
    summary="no network of data science, UAT and production gets a way out",
    remedy="reach services by the endpoints of the platform's network",
    scopes=("DataScience", "Development", "UAT", "Production"),
    preventive=_private,
)
PARAMETERS = Guardrail(
    name="protect-parameters",
    summary="only the platform says by its parameters where jobs run",
    remedy="keep parameters of your own outside /landrail/",
    scopes=(ROOT,),
    preventive=_parameters,
)
VOLUMES = Guardrail(
    name="require-volume-encryption",
    summary="volumes stay encrypted by default",
    remedy="leave the default on",
    scopes=(ROOT,),
    preventive=_volumes,
)
