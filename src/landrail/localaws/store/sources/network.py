"""VPCs as records: subnets, VPC endpoints, and where a subnet's routes lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from landrail.localaws.store.peek import backend

_EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet: its VPC, its addresses in CIDR notation, its route table."""

    subnet_id: str
    vpc: str
    block: str
    route_table: str | None


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """A VPC endpoint that is available. `interface` is False for a gateway, whose `route_tables`
    say which subnets it serves."""

    endpoint_id: str
    service: str
    interface: bool
    private_dns: bool
    subnets: tuple[str, ...]
    route_tables: tuple[str, ...]
    policy: str


def subnet(account: str, region: str, subnet_id: str) -> Subnet | None:
    """Return a subnet."""
    ec2 = backend("ec2", account, region)
    found = None if ec2 is None else _subnet(ec2, subnet_id)
    if found is None:
        return None
    table = _table(ec2, found)
    return Subnet(found.id, found.vpc_id, found.cidr_block, None if table is None else table.id)


def subnets(account: str, region: str) -> tuple[Subnet, ...]:
    """Return the subnets that were made, without those of the default VPC."""
    ec2 = backend("ec2", account, region)
    if ec2 is None:
        return ()
    made = [one for one in _subnets(ec2) if not ec2.vpcs[one.vpc_id].is_default]
    found = [subnet(account, region, one.id) for one in made]
    return tuple(one for one in found if one is not None)


def vpc_endpoints(account: str, region: str, vpc: str) -> tuple[VpcEndpoint, ...]:
    """Return the endpoints of a VPC that are available."""
    ec2 = backend("ec2", account, region)
    if ec2 is None:
        return ()
    return tuple(
        VpcEndpoint(
            endpoint_id=one.id,
            service=one.service_name,
            interface=str(one.vpc_endpoint_type or "").lower() == "interface",
            private_dns=bool(one.private_dns_enabled),
            subnets=tuple(one.subnet_ids or ()),
            route_tables=tuple(one.route_table_ids or ()),
            policy=str(one.policy_document),
        )
        for one in ec2.vpc_end_points.values()
        if one.vpc_id == vpc and one.state == "available"
    )


def internet_address(account: str, region: str, subnet_id: str) -> str | None:
    """Return the public address behind which a subnet reaches the internet: that of the NAT
    gateway which its default route names, if that one lies in a public subnet."""
    ec2 = backend("ec2", account, region)
    found = None if ec2 is None else _subnet(ec2, subnet_id)
    route = None if found is None else _default_route(ec2, found)
    nat = None if route is None else route.nat_gateway
    if nat is None or nat.state != "available" or nat.connectivity_type == "private":
        return None
    outside = _subnet(ec2, nat.subnet_id)
    way_out = None if outside is None else _default_route(ec2, outside)
    gateway = None if way_out is None else way_out.gateway
    if gateway is None or not gateway.id.startswith("igw-") or gateway.vpc is None:
        return None
    addresses = [a.get("publicIp") for a in nat.address_set]
    return next((str(address) for address in addresses if address), None)


def _subnets(ec2: Any) -> Iterable[Any]:
    for zone in ec2.subnets.values():
        yield from zone.values()


def _subnet(ec2: Any, subnet_id: str) -> Any | None:
    return next((one for one in _subnets(ec2) if one.id == subnet_id), None)


def _table(ec2: Any, found: Any) -> Any | None:
    """The table associated with the subnet, else the VPC's main one."""
    tables = [t for t in ec2.route_tables.values() if t.vpc_id == found.vpc_id]
    own = [t for t in tables if any(a.get("SubnetId") == found.id for a in t.associations)]
    main = [t for t in tables if t.main_association_id is not None]
    return next(iter([*own, *main]), None)


def _default_route(ec2: Any, found: Any) -> Any:
    table = _table(ec2, found)
    routes = [] if table is None else table.routes
    return next((r for r in routes if r.destination_cidr_block == _EVERYWHERE), None)
