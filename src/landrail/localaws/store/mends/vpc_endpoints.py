"""VPC endpoints as AWS changes them, where moto takes a parameter and does nothing with it."""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
from moto.ec2.responses.vpcs import VPCs

_MODIFY = VPCs.modify_vpc_endpoint
_CREATE = VPCBackend.create_vpc_endpoint


def _modify(response: VPCs) -> Any:
    """ResetPolicy gives full access again; PrivateDnsEnabled may be turned on and off."""
    answer = _MODIFY(response)
    endpoint = response.ec2_backend.vpc_end_points[response._get_param("VpcEndpointId")]
    if response._get_bool_param("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    private_dns = response._get_bool_param("PrivateDnsEnabled")
    if private_dns is not None:
        endpoint.private_dns_enabled = private_dns
    return answer


def _create(backend: VPCBackend, *given: Any, **named: Any) -> VPCEndPoint:
    """An endpoint of no stated type is a gateway, and says so."""
    endpoint = _CREATE(backend, *given, **named)
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    return endpoint


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (VPCs, "modify_vpc_endpoint", _modify),
    (VPCBackend, "create_vpc_endpoint", _create),
)
