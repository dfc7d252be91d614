"""Guardrail: no port is open to the whole internet."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

_PUBLIC = ("0.0.0.0/0", "::/0")
_CLOSED = tuple(
    templates.is_not(kind, f"{path}{name}", *_PUBLIC)
    for kind, path in (
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress.*."),
        ("AWS::EC2::SecurityGroupIngress", ""),
    )
    for name in ("CidrIp", "CidrIpv6")
)

GUARDRAIL = Guardrail(
    id="ec2-no-open-ports",
    title="no port is open to the whole internet",
    why="a service behind an open port is found within minutes",
    severity="high",
    remedy="open ports to groups and ranges of your own",
    frameworks=Frameworks(
        control_tower=(
            "AWS-GR_RESTRICTED_SSH",
            "AWS-GR_RESTRICTED_COMMON_PORTS",
        ),
        security_hub=("EC2.13",),
        conformance_packs=("ct-detective",),
    ),
    proactive=(*_CLOSED,),
    detective=(
        Detective("incoming-ssh-disabled"),
        Detective("restricted-incoming-traffic"),
        Detective("security-group-open-to-world"),
    ),
)
