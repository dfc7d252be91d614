"""What the tables of EC2 share: ids and tags, ports that are open, sharing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import tags_of
from landrail.inventory.realm import realm_of

ANYWHERE = ("0.0.0.0/0", "::/0")
Network = IPv4Network | IPv6Network
# All of IPv6 that is routed lies in the second.
_EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
_LAST_PORT = 65535
_DIGITS = 5


def named(ask: Ask, kind: str, entry: Mapping[str, Any], id_member: str) -> dict[str, Any]:
    """Return what every table has of a resource of EC2; `kind` is its word in ARNs."""
    tags = tags_of(entry.get("Tags"))
    resource_id = entry[id_member]
    return {
        "resource_id": resource_id,
        "resource_name": tags.get("Name") or resource_id,
        "arn": f"arn:aws:ec2:{ask.region}:{ask.account}:{kind}/{resource_id}",
        "tags": tags,
        "configuration": dict(entry),
    }


def is_from_anywhere(permission: Mapping[str, Any]) -> bool:
    """Whether a security group's permission is for every address, be it in several ranges."""
    v4 = (one.get("CidrIp") for one in permission.get("IpRanges") or ())
    v6 = (one.get("CidrIpv6") for one in permission.get("Ipv6Ranges") or ())
    given = [ip_network(cidr, strict=False) for cidr in (*v4, *v6) if cidr]
    return any(_covers(given, everywhere) for everywhere in _EVERYWHERE)


def _covers(given: Iterable[Network], everywhere: Network) -> bool:
    alike = [one for one in given if one.version == everywhere.version]
    reached = int(everywhere.network_address)
    for first, last in sorted((int(n.network_address), int(n.broadcast_address)) for n in alike):
        reached = max(reached, last + 1) if first <= reached else reached
    return reached > int(everywhere.broadcast_address)


def ports(permission: Mapping[str, Any], protocol: str) -> tuple[int, int] | None:
    """Return the first and last port that a permission opens to a protocol, None for none."""
    given = str(permission.get("IpProtocol"))
    if given == "-1":
        return 0, _LAST_PORT
    numbers = {"tcp": "6", "udp": "17"}
    if given not in (protocol, numbers[protocol]):
        return None
    first, last = permission.get("FromPort", 0), permission.get("ToPort", _LAST_PORT)
    return (0, _LAST_PORT) if first == -1 else (first, last)


def covering(first: int, last: int) -> Iterator[str]:
    """Yield a range of ports as few beginnings: `00022` for one port, `01*` for all that begin so,
    `*` for all."""
    if first == 0 and last == _LAST_PORT:
        yield "*"
        return
    while first <= last:
        width = 1
        while first % (width * 10) == 0 and first + width * 10 - 1 <= last:
            width *= 10
        kept = _DIGITS + 1 - len(str(width))
        yield f"{first:05d}"[:kept] + ("*" if width > 1 else "")
        first += width


def strangers(ask: Ask, permissions: Iterable[Mapping[str, Any]], member: str) -> list[str]:
    """Return with whom something is shared who is not of the organization; `*` for everybody."""
    found = set()
    for permission in permissions:
        if permission.get("Group") == "all":
            found.add("*")
        elif permission.get(member):
            found.add(permission[member])
        else:
            arn = permission.get("OrganizationArn") or permission.get("OrganizationalUnitArn")
            # arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-...
            found.add(arn.split("/")[1] if arn else "unknown")
    others = found - {ask.account, "*"}
    ours = {who for who in others if realm_of(ask).holds(who)} if others else set()
    return sorted(found - ours - {ask.account})
