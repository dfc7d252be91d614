"""The access points of S3 general purpose buckets: kept, and found by name, ARN and alias.

What may be done through one is decided elsewhere; this is what there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landrail.localaws.store.tables import Tables

ALIAS_SUFFIX = "-s3alias"
_ARN_PARTS = 6


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An access point of `account` on a bucket of `bucket_account`; `vpc` is the only VPC from
    which it is reached, None for the internet; `blocks` are the public access settings that are
    on; `created` in seconds since the epoch."""

    account: str
    region: str
    name: str
    alias: str
    bucket: str
    bucket_account: str
    vpc: str | None
    blocks: tuple[str, ...]
    created: float
    policy: str | None = None

    @property
    def arn(self) -> str:
        """Return its ARN."""
        return f"arn:aws:s3:{self.region}:{self.account}:accesspoint/{self.name}"

    @property
    def origin(self) -> str:
        """Return where it is reached from, as `s3:AccessPointNetworkOrigin` has it."""
        return "VPC" if self.vpc else "Internet"


def place_of(arn: str) -> tuple[str, str, str] | None:
    """Return account, region and name of an access point's ARN, in its form with a slash or with a
    colon, and of one of its objects; None for what is no such ARN."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn" or parts[2] != "s3" or not parts[4]:
        return None
    kind, separator, rest = parts[5].replace(":", "/", 1).partition("/")
    name = rest.partition("/")[0]
    if kind != "accesspoint" or not separator or not name:
        return None
    return parts[4], parts[3], name


class AccessPoints:
    """All access points of one local AWS."""

    def __init__(self, tables: Tables) -> None:
        self._points = tables.table("s3.access_points")
        self._aliases = tables.table("s3.access_point_aliases")

    def get(self, account: str, region: str, name: str) -> AccessPoint | None:
        """Return the access point."""
        return _read(self._points.get(account, region, name))

    def at(self, arn: str) -> AccessPoint | None:
        """Return the access point that an ARN, of its own or of an object in it, names."""
        place = place_of(arn)
        return None if place is None else self.get(*place)

    def by_alias(self, alias: str) -> AccessPoint | None:
        """Return the access point of an alias."""
        place = self._aliases.get(alias)
        return None if place is None else self.get(*place)

    def put(self, point: AccessPoint) -> None:
        """Keep an access point, a new one or as it is now."""
        self._aliases.put(point.alias, value=[point.account, point.region, point.name])
        self._points.put(point.account, point.region, point.name, value=asdict(point))

    def delete(self, point: AccessPoint) -> None:
        """Forget an access point."""
        self._points.delete(point.account, point.region, point.name)
        self._aliases.delete(point.alias)

    def all(self, *prefix: str) -> Iterator[AccessPoint]:
        """Yield the access points of an account, or of one region of it, by name."""
        for _, value in self._points.scan(*prefix):
            found = _read(value)
            if found is not None:
                yield found


def _read(value: Mapping[str, Any] | None) -> AccessPoint | None:
    return None if value is None else AccessPoint(**{**value, "blocks": tuple(value["blocks"])})
