"""What the host name of a request says: the service, the region, a bucket, an account.

Clients reach us as `127.0.0.1:PORT`, or, where they take us for their HTTP proxy, by the names AWS
gives its endpoints. A bucket in the host name is moved into the path, where everybody after this
module finds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from landrail.localaws.store import Incoming

_REGION = r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)"
_CONTROL = re.compile(rf"(?:(?P<account>\d{{12}})\.)?s3-control\.(?:dualstack\.)?{_REGION}\.")
_S3 = re.compile(rf"(?:(?P<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?{_REGION})?\.")
_SERVICE = re.compile(rf"(?:(?P<account>\d{{12}})\.)?(?P<service>[a-z0-9.-]+?)(?:\.{_REGION})?\.")
_SUFFIX = "amazonaws.com"


@dataclass(frozen=True, slots=True)
class Host:
    """What a host name says; `service` is a signing name, of use for unsigned requests only."""

    service: str | None = None
    region: str | None = None
    bucket: str | None = None


def understand(host: str) -> Host:
    """Read a host name; one that is not AWS's says nothing."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    name = name.lower()
    if not name.endswith(f".{_SUFFIX}"):
        return Host()
    front = name[: -len(_SUFFIX)]
    if match := _CONTROL.fullmatch(front):
        return Host("s3", match["region"])
    if match := _S3.fullmatch(front):
        return Host("s3", match["region"], match["bucket"])
    if match := _SERVICE.fullmatch(front):
        return Host(match["service"].rpartition(".")[2], match["region"])
    return Host()


def path_style(incoming: Incoming, host: Host) -> Incoming:
    """Return the request with its bucket in the path and the host without it."""
    if host.bucket is None:
        return incoming
    path, plain = "" if incoming.path == "/" else incoming.path, f"s3.{_SUFFIX}"
    return replace(
        incoming,
        host=plain,
        path=f"/{host.bucket}{path}",
        headers={**incoming.headers, "host": plain},
    )
