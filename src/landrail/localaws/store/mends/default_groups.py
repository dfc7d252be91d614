"""The default security group of a VPC lets its own members in, on AWS; moto's lets nobody in.

Each touched internal has a test that fails when moto changes it.
Source: VPC User Guide, "Default security groups for your VPCs".
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend

from landrail.localaws.store import determinism

_CREATE = SecurityGroupBackend.create_security_group


def _create(backend: SecurityGroupBackend, *given: Any, **named: Any) -> SecurityGroup:
    made = _CREATE(backend, *given, **named)
    if made.is_default:
        # By dice of its own, so that ids of what comes after it stay what they were.
        with determinism.always(made.id):
            backend.authorize_security_group_ingress(
                made.id, "-1", "-1", "-1", [], source_groups=[{"GroupId": made.id}]
            )
    return made


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (SecurityGroupBackend, "create_security_group", _create),
)
