"""Bool, binary and IP address operators, and Null, which asks only whether a key is there."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Sequence

from landrail.policy.glob import Lookup, has_variables, resolve, split
from landrail.policy.operators.base import Operator, Test


def _bool(values: Sequence[str], variables: bool) -> Test:
    """`${...}` where it is no variable (in a policy of 2008) is text, neither true nor false."""
    wanted = frozenset(_truth(v) for v in values if not _open(v))
    texts = [v for v in values if variables and _open(v)]
    open_ones = [split(v, wildcards=False, variables=True) for v in texts]

    def test(actual: str, lookup: Lookup) -> bool | None:
        lowered = actual.lower()
        if lowered in wanted:
            return True
        missed: bool | None = False
        for chunks in open_ones:
            resolved = resolve(chunks, lookup)
            if resolved is None:
                missed = None
            elif "".join(str(a) for a in resolved[0]).lower() == lowered:
                return True
        return missed

    return test


def _open(value: str) -> bool:
    return has_variables(split(value, wildcards=False, variables=True))


def _truth(value: str) -> str:
    lowered = value.lower()
    if lowered not in ("true", "false"):
        raise ValueError(f"`{value}` is neither true nor false")
    return lowered


def _binary(values: Sequence[str], _variables: bool) -> Test:
    wanted = frozenset(_bytes(v) for v in values)

    def test(actual: str, _lookup: Lookup) -> bool | None:
        try:
            return _bytes(actual) in wanted
        except ValueError:
            return None

    return test


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"`{text}` is not base64") from None


def _ip(values: Sequence[str], _variables: bool) -> Test:
    networks = [_network(v) for v in values]

    def test(actual: str, _lookup: Lookup) -> bool | None:
        try:
            address = ipaddress.ip_address(actual.strip())
        except ValueError:
            return None
        comparable = [n for n in networks if n.version == address.version]
        if not comparable:
            return None
        return any(address in n for n in comparable)

    return test


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    _address, slash, prefix = text.partition("/")
    try:
        if slash and not prefix.isdecimal():
            raise ValueError(prefix)
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError(f"`{text}` is not an IP address or CIDR range") from None


def _null(values: Sequence[str], _variables: bool) -> Test:
    wanted = frozenset(_truth(v) for v in values)

    def test(absent: str, _lookup: Lookup) -> bool:
        return absent in wanted

    return test


NULL = "Null"

OTHERS: tuple[Operator, ...] = (
    Operator("Bool", _bool),
    Operator("BinaryEquals", _binary),
    Operator("IpAddress", _ip),
    Operator("NotIpAddress", _ip, negated=True),
    Operator(NULL, _null),
)
