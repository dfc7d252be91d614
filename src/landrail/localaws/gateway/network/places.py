"""The places from which processes call: addresses in subnets, and listeners bound to them."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from landrail.localaws.api import ApiError, Origin
from landrail.localaws.gateway.network import peers
from landrail.localaws.gateway.network.listeners import Listeners, Opened
from landrail.localaws.gateway.wire.http import Application
from landrail.localaws.store import StoreSources

# Processes that run outside the account's network reach AWS from addresses of the service; these
# are of TEST-NET-2, which nobody has.
SERVICE_ADDRESS = "198.51.100.10"
# AWS keeps the first four addresses of a subnet and the last.
_FIRST, _LAST = 4, 1


class Network:
    """Origins and listeners of one local AWS."""

    def __init__(self, sources: StoreSources, application: Application) -> None:
        self._sources = sources
        self._application = application
        self._listeners = Listeners(peers.made_by if peers.can_tell() else None)
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, str, str], Iterator[int]] = defaultdict(itertools.count)

    def origin(
        self, account: str, region: str, subnets: Sequence[str] = (), vpc: str | None = None
    ) -> Origin:
        """Return an origin in the first of the subnets, or outside; raises ApiError."""
        if not subnets:
            return Origin(SERVICE_ADDRESS)
        for each in subnets:
            found = self._sources.subnet(account, region, each)
            if found is None:
                raise ApiError("InvalidSubnetID.NotFound", f"The subnet ID '{each}' does not exist")
            if vpc is not None and found.vpc != vpc:
                raise ApiError(
                    "InvalidSubnet", f"The subnet {each} is in {found.vpc} and not in {vpc}"
                )
            vpc = found.vpc
        first = subnets[0]
        return Origin(self._address(account, region, first), account, region, vpc or "", first)

    def _address(self, account: str, region: str, subnet: str) -> str:
        found = self._sources.subnet(account, region, subnet)
        block = IPv4Network(found.block if found else "0.0.0.0/28")
        with self._lock:
            number = next(self._numbers[account, region, subnet])
        return str(block[_FIRST + number % (block.num_addresses - _FIRST - _LAST)])

    def machine(self, account: str, region: str, place: str | None) -> Origin:
        """Return an origin in an account's VPC for a person: its only one, or the one that `place`
        names (a VPC or a subnet); raises ApiError."""
        subnets = self._sources.subnets(account, region)
        vpcs = sorted({one.vpc for one in subnets})
        if place is None and len(vpcs) > 1:
            raise ApiError("AmbiguousNetwork", f"the account has several VPCs: {', '.join(vpcs)}")
        fitting = [one for one in subnets if place in (None, one.vpc, one.subnet_id)]
        if not fitting:
            what = "has no VPC with a subnet" if place is None else f"has no {place}"
            raise ApiError("NoNetwork", f"the account {what} in {region}")
        first = min(fitting, key=lambda one: (one.vpc, IPv4Network(one.block)))
        return self.origin(account, region, [first.subnet_id])

    def listen(self, origin: Origin, role_arn: str) -> Opened:
        """Open a listener."""
        return self._listeners.open(self._application, origin, role_arn)

    @property
    def open(self) -> tuple[Origin, ...]:
        """The origins of the listeners that are open."""
        return tuple(door.origin for door in self._listeners.doors)

    def close(self) -> None:
        """Close every listener."""
        self._listeners.close_all()
