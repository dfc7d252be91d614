"""A subnet is a default one, and gives out public addresses, in a default VPC alone; moto takes the
first of each zone for one, in any VPC.

Each touched internal has a test that fails when moto changes it.
Source: VPC User Guide, "IP addressing for your VPCs and subnets" (`MapPublicIpOnLaunch`).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.subnets import Subnet, SubnetBackend

_CREATE = SubnetBackend.create_subnet


def _create(backend: Any, vpc_id: str, *given: Any, **named: Any) -> Subnet:
    made: Subnet = _CREATE(backend, vpc_id, *given, **named)
    made.default_for_az = made.map_public_ip_on_launch = backend.get_vpc(vpc_id).is_default
    return made


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((SubnetBackend, "create_subnet", _create),)
