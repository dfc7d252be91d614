"""Which way a call takes: over the internet, through a VPC endpoint, or none.

From a subnet a service is reached by the VPC's endpoint for it, else by a NAT gateway; what has
neither would time out on AWS, and is refused here with the name of what is missing. Condition keys
and the endpoint's policy follow from the way alone. Source: IAM User Guide, "AWS global condition
context keys", properties of the network; AWS PrivateLink guide, "Gateway endpoints" and "Interface
VPC endpoints".
"""

from __future__ import annotations

from dataclasses import dataclass

from landrail.localaws.api import Origin
from landrail.localaws.layers.sources import Sources, StoredVpcEndpoint


@dataclass(frozen=True, slots=True)
class Way:
    """How a call came: by the internet from `source_ip`, or through the endpoint `vpce` of `vpc`
    (of `account`) with its policy; none of these for a call from inside AWS."""

    source_ip: str | None = None
    vpc: str | None = None
    vpce: str | None = None
    private_ip: str | None = None
    account: str | None = None
    policy: str | None = None

    @property
    def seen_from(self) -> Origin | None:
        """What a service passes on of it when it acts for the caller: a public address."""
        return Origin(self.source_ip) if self.source_ip else None


class NoWay(Exception):
    """A service that cannot be reached from a subnet; the text names what is missing."""


def way_of(origin: Origin | None, service: str, sources: Sources, vpce: str | None = None) -> Way:
    """Return the way from an origin to an endpoint service (`com.amazonaws.REGION.NAME`), through
    the endpoint `vpce` if the call names one; raises NoWay."""
    if origin is None:
        return Way()
    if vpce is not None and not origin.vpc:
        raise NoWay(f"The name of {vpce} leads into its VPC, and this call comes from outside.")
    if not origin.vpc:
        return Way(source_ip=origin.address)
    subnet = sources.subnet(origin.account, origin.region, origin.subnet)
    if subnet is None:
        raise NoWay(f"The subnet {origin.subnet} is not there any more.")
    found = [
        one
        for one in sources.vpc_endpoints(origin.account, origin.region, origin.vpc)
        if one.service == service and vpce in (None, one.endpoint_id)
    ]
    lacking = []
    # Where a VPC has both, its own traffic goes by the gateway.
    for endpoint in sorted(found, key=lambda one: one.interface):
        fault = _fault(endpoint, origin.subnet, subnet.route_table, named=vpce is not None)
        if fault is None:
            return Way(
                vpc=origin.vpc,
                vpce=endpoint.endpoint_id,
                private_ip=origin.address,
                account=origin.account,
                policy=endpoint.policy,
            )
        lacking.append(fault)
    if vpce is not None and not lacking:
        raise NoWay(f"{origin.vpc} has no VPC endpoint {vpce} for {service}.")
    if vpce is not None:
        raise NoWay(f"{vpce} cannot be reached by its name: {lacking[0]}.")
    address = sources.internet_address(origin.account, origin.region, origin.subnet)
    if address is not None:
        return Way(source_ip=address)
    raise NoWay(_missing(origin, service, lacking))


def _fault(
    endpoint: StoredVpcEndpoint, subnet: str, route_table: str | None, *, named: bool
) -> str | None:
    """Why an endpoint does not serve a subnet, if it does not; `named` by its own host name."""
    name = endpoint.endpoint_id
    if endpoint.interface:
        if not endpoint.subnets:
            return f"{name} is in no subnet"
        return None if endpoint.private_dns or named else f"{name} has no private DNS"
    if named:
        return f"{name} is a gateway and has no name"
    if route_table in endpoint.route_tables:
        return None
    return f"{name} is not in the route table of {subnet} ({route_table or 'none'})"


def _missing(origin: Origin, service: str, lacking: list[str]) -> str:
    what = (
        f"its endpoint does not serve {origin.subnet}: {'; '.join(lacking)}"
        if lacking
        else f"it has no VPC endpoint for {service}"
    )
    return (
        f"{origin.vpc} of account {origin.account} has no way to this service: {what}, and "
        f"{origin.subnet} has no NAT gateway. On AWS the connection would time out."
    )
