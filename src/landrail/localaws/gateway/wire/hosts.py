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
_POINT = re.compile(
    rf"(?P<name>[a-z0-9-]+)-(?P<account>\d{{12}})\.s3-accesspoint(?:-fips)?"
    rf"\.(?:dualstack\.)?{_REGION}\."
)
_POINT_LABEL = re.compile(r"(?P<name>[a-z0-9-]+)-(?P<account>\d{12})")
_SERVICE = re.compile(rf"(?:(?P<account>\d{{12}})\.)?(?P<service>[a-z0-9.-]+?)(?:\.{_REGION})?\.")
_ENDPOINT = re.compile(
    rf"(?:(?P<front>.+)\.)?(?P<vpce>vpce-[0-9a-f]+)-[0-9a-z-]+\.(?P<service>.+)\.{_REGION}\.vpce\."
)
_SUFFIX = "amazonaws.com"
_SUFFIXES = (f".{_SUFFIX}", ".amazonaws.com.cn", ".api.aws", ".on.aws")
_OWN = re.compile(r"127\.\d+\.\d+\.\d+|localhost|\[::1\]")


@dataclass(frozen=True, slots=True)
class Host:
    """What a host name says; `service` is a signing name, of use for unsigned requests only;
    `vpce` a VPC endpoint whose own name it is."""

    service: str | None = None
    region: str | None = None
    bucket: str | None = None
    vpce: str | None = None


def for_us(host: str) -> bool:
    """Return whether a client that takes us for its proxy asks for one of AWS's names, or ours."""
    name = _without_port(host)
    below = name.partition(".")[2]
    return name.endswith(_SUFFIXES) or any(_OWN.fullmatch(own) for own in (name, below))


def understand(host: str) -> Host:
    """Read a host name; one that is not AWS's says nothing."""
    name = _without_port(host)
    if not name.endswith(f".{_SUFFIX}"):
        return _below_own(name)
    front = name[: -len(_SUFFIX)]
    if match := _ENDPOINT.fullmatch(front):
        return _of_endpoint(match)
    if match := _CONTROL.fullmatch(front):
        return Host("s3", match["region"])
    if match := _POINT.fullmatch(front):
        return Host("s3", match["region"], _point_arn(match, match["region"]))
    if match := _S3.fullmatch(front):
        return Host("s3", match["region"], match["bucket"])
    if match := _SERVICE.fullmatch(front):
        return Host(match["service"].rpartition(".")[2], match["region"])
    return Host()


def _below_own(name: str) -> Host:
    """SDKs put an access point's name before the endpoint that they were given: our own address,
    which says nothing of the region."""
    label, _, rest = name.partition(".")
    point = _POINT_LABEL.fullmatch(label)
    if point is None or _OWN.fullmatch(rest) is None:
        return Host()
    return Host(bucket=_point_arn(point, ""))


def _point_arn(match: re.Match[str], region: str) -> str:
    """The ARN in its form without a slash, which can stand for a bucket in a path."""
    return f"arn:aws:s3:{region}:{match['account']}:accesspoint:{match['name']}"


def _without_port(host: str) -> str:
    return (host.rpartition(":")[0] if re.search(r":\d+$", host) else host).lower()


def _of_endpoint(match: re.Match[str]) -> Host:
    """S3's endpoints are reached below `bucket.`, with a bucket's own name before that or not."""
    service, bucket = match["service"].rpartition(".")[2], None
    if service == "s3" and match["front"]:
        front = match["front"]
        point = _POINT_LABEL.fullmatch(front.removesuffix(".accesspoint"))
        if point is not None and front.endswith(".accesspoint"):
            bucket = _point_arn(point, match["region"])
        else:
            bucket = front.rpartition("bucket")[0].rstrip(".") or None
    return Host(service, match["region"], bucket, match["vpce"])


def path_style(incoming: Incoming, host: Host) -> Incoming:
    """Return the request with its bucket in the path and the host without it."""
    plain = f"s3.{_SUFFIX}"
    if host.bucket is None and (host.vpce is None or host.service != "s3"):
        return incoming
    if host.bucket is None:
        return replace(incoming, host=plain, headers={**incoming.headers, "host": plain})
    path = "" if incoming.path == "/" else incoming.path
    return replace(
        incoming,
        host=plain,
        path=f"/{host.bucket}{path}",
        headers={**incoming.headers, "host": plain},
    )
