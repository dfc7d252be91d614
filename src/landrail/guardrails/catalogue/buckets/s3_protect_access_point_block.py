"""Guardrail: nobody makes an access point that may be public."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

_SETTINGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_BLOCKED = tuple(
    templates.is_not(kind, f"PublicAccessBlockConfiguration.{name}", False)
    for kind in ("AWS::S3::AccessPoint", "AWS::S3::MultiRegionAccessPoint")
    for name in _SETTINGS
)


GUARDRAIL = Guardrail(
    id="s3-protect-access-point-block",
    title="nobody makes an access point that may be public",
    why="the block of an access point is set when it is made and never again",
    severity="critical",
    remedy=(
        "leave PublicAccessBlockConfiguration out: all four settings are on; where they must be "
        "named, name them in a stack"
    ),
    service_control=fixed(
        deny("s3:PutAccessPointPublicAccessBlock", unless=BREAK_GLASS_ONLY, when=BY_HAND)
    ),
    proactive=(
        *_BLOCKED,
        templates.not_public("AWS::S3::AccessPoint", "Policy"),
        templates.not_public("AWS::S3::MultiRegionAccessPointPolicy", "Policy"),
    ),
    detective=(
        Detective("s3-access-point-public-access-blocks"),
        Detective("s3-access-point-public"),
    ),
)
