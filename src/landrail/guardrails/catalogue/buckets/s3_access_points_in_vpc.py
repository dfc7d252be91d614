"""Guardrail: access points answer in a VPC alone."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.actions import carrying, narrow
from landrail.guardrails.guardrail import Detective, Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_ORIGIN = "s3:AccessPointNetworkOrigin"


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    made = tuple(name for name in carrying("s3", _ORIGIN) if name.startswith("Create"))
    elsewhere = {"StringNotEquals": {_ORIGIN: "VPC"}}
    return (deny(narrow("s3", made), unless=BREAK_GLASS_ONLY, when=elsewhere),)


GUARDRAIL = Guardrail(
    id="s3-access-points-in-vpc",
    title="access points answer in a VPC alone",
    why="an access point is a second door to a bucket, with a policy of its own",
    severity="high",
    remedy="give VpcConfiguration with the request",
    service_control=_statements,
    proactive=(
        templates.given("AWS::S3::AccessPoint", "VpcConfiguration.VpcId"),
        templates.never("AWS::S3::MultiRegionAccessPoint", "it is reached from the internet"),
    ),
    detective=(Detective("s3-access-point-in-vpc-only"),),
)
