"""What a request says of its own signature: the Authorization header, or a presigned URL.

Read in AWS's order and refused in AWS's words; nothing is verified here. There is one mechanism to
a request, and each part of it once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from landrail.localaws.gateway.callers.signature import (
    ALGORITHM,
    OF_THE_URL,
    Malformed,
    Signed,
    pairs,
)
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.store import Incoming

_ASYMMETRIC = "AWS4-ECDSA-P256-SHA256"
_TIMESTAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_DATE = re.compile(r"[0-9]{8}")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}")
_SERVICE = re.compile(r"[a-z0-9-]{1,64}")
_KEY = re.compile(r"[A-Za-z0-9._+=-]{1,128}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_NEEDED = ("Credential", "SignedHeaders", "Signature")
_URL_NEEDS = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
    "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
_FORM = 'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
_TWICE = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
    "string parameter or the Authorization header should be specified"
)
_OLD = (
    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
)
_NOT_HERE = (
    "The local AWS does not verify asymmetric signatures (SigV4A, AWS4-ECDSA-P256-SHA256); sign "
    "with AWS4-HMAC-SHA256."
)


def find(incoming: Incoming) -> Signed | None:
    """Return what the request says of its signature, None for one that is not signed; raises
    Malformed."""
    header = incoming.headers.get("authorization")
    in_url = "X-Amz-" in incoming.query and any(
        name in OF_THE_URL for name, _ in pairs(incoming.query)
    )
    if header is None:
        return _from_query(incoming) if in_url else None
    if in_url or "AWSAccessKeyId=" in incoming.query:
        raise Malformed(_TWICE, Refusal.TWICE)
    algorithm, space, rest = header.partition(" ")
    if algorithm == ALGORITHM and space:
        return _from_header(rest, incoming)
    if algorithm == "AWS":
        raise Malformed(_OLD, Refusal.MECHANISM, "s3")
    if algorithm == _ASYMMETRIC:
        raise Malformed(_NOT_HERE, Refusal.MECHANISM)
    raise Malformed("Unsupported Authorization Type", Refusal.ARGUMENT)


def _from_header(rest: str, incoming: Incoming) -> Signed:
    parts = _parts(rest)
    lacking = [name for name in _NEEDED if not parts.get(name)]
    if lacking:
        scope = parts.get("Credential", "").split("/")
        raise Malformed(
            " ".join(f"Authorization header requires '{name}' parameter." for name in lacking),
            service=scope[3] if len(scope) == 5 else None,
        )
    key, date, region, service = _scope(parts["Credential"], presigned=False)
    timestamp = _timestamp(incoming, service)
    return Signed(
        key,
        date,
        region,
        service,
        timestamp,
        _names(parts["SignedHeaders"], service, presigned=False),
        _signature(parts["Signature"], service, presigned=False),
        incoming.headers.get("x-amz-security-token"),
        False,
        None,
    )


def _parts(rest: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for item in rest.split(","):
        name, equals, value = item.strip(" \t").partition("=")
        if not equals:
            raise Malformed(
                f"'{name}' not a valid key=value pair (missing equal-sign) in Authorization header."
            )
        if name in parts or name not in _NEEDED:
            raise Malformed(f"'{name}' is not expected in the Authorization header.")
        parts[name] = value
    return parts


def _timestamp(incoming: Incoming, service: str) -> str:
    """The time of X-Amz-Date, or else of Date, in which HTTP's own form is understood too."""
    given = incoming.headers.get("x-amz-date")
    if given is None:
        given = incoming.headers.get("date")
        if given is None:
            raise Malformed(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "
                "header.",
                Refusal.NO_DATE,
                service,
            )
        if not _TIMESTAMP.fullmatch(given):
            try:
                moment = parsedate_to_datetime(given).astimezone(UTC)
            except (ValueError, TypeError, IndexError, OverflowError):
                moment = None
            if moment is not None:
                return moment.strftime("%Y%m%dT%H%M%SZ")
    if not _TIMESTAMP.fullmatch(given):
        raise Malformed(
            f"Date must be in ISO-8601 'basic format'. Got '{given}'. "
            "See http://en.wikipedia.org/wiki/ISO_8601",
            Refusal.NO_DATE,
            service,
        )
    return given


def _from_query(incoming: Incoming) -> Signed:
    found = pairs(incoming.query)
    query = {name: value for name, value in found if name in OF_THE_URL}
    if len(query) != sum(1 for name, _ in found if name in OF_THE_URL):
        raise Malformed("A parameter of a presigned URL is there twice.", Refusal.QUERY)
    algorithm = query.get("X-Amz-Algorithm")
    if algorithm == _ASYMMETRIC:
        raise Malformed(_NOT_HERE, Refusal.MECHANISM)
    if algorithm is not None and algorithm != ALGORITHM:
        raise Malformed(f'X-Amz-Algorithm only supports "{ALGORITHM}"', Refusal.QUERY)
    needed = OF_THE_URL - {"X-Amz-Expires", "X-Amz-Security-Token"}
    if not needed <= query.keys():
        raise Malformed(_URL_NEEDS, Refusal.QUERY)
    key, date, region, service = _scope(query["X-Amz-Credential"], presigned=True)
    if not _TIMESTAMP.fullmatch(query["X-Amz-Date"]):
        raise Malformed(
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
            Refusal.QUERY,
            service,
        )
    return Signed(
        key,
        date,
        region,
        service,
        query["X-Amz-Date"],
        _names(query["X-Amz-SignedHeaders"], service, presigned=True),
        _signature(query["X-Amz-Signature"], service, presigned=True),
        query.get("X-Amz-Security-Token"),
        True,
        _expires(query, service),
    )


def _expires(query: Mapping[str, str], service: str) -> int:
    """S3 asks for it; elsewhere a URL lives as long as a signature may be old."""
    given = query.get("X-Amz-Expires")
    if given is None and service == "s3":
        raise Malformed(_URL_NEEDS, Refusal.QUERY, service)
    text = "900" if given is None else given
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Malformed("X-Amz-Expires should be a number", Refusal.QUERY, service)
    return int(text)


def _scope(credential: str, *, presigned: bool) -> tuple[str, str, str, str]:
    parts = credential.split("/")
    kind = Refusal.QUERY if presigned else Refusal.INCOMPLETE
    begins = (
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; "
        if presigned
        else "The authorization header is malformed; the Credential is mal-formed; "
    )
    if len(parts) != 5 or parts[4] != "aws4_request" or not _KEY.fullmatch(parts[0]):
        raise Malformed(begins + _FORM, kind, parts[3] if len(parts) == 5 else None)
    key, date, region, service, _ = parts
    if not _DATE.fullmatch(date) or not _SERVICE.fullmatch(service):
        raise Malformed(begins + _FORM, kind, service)
    if not _REGION.fullmatch(region):
        words = f"the region '{region}' is wrong; expecting 'us-east-1'"
        if service == "s3":
            raise Malformed(f"The authorization header is malformed; {words}", kind, service)
        raise Malformed(
            f"Credential should be scoped to a valid region, not '{region}'.",
            Refusal.SIGNATURE,
            service,
        )
    return key, date, region, service


def _names(text: str, service: str, *, presigned: bool) -> tuple[str, ...]:
    """The names of the signed headers, in lower case and each once."""
    names = tuple(text.split(";"))
    if len(set(names)) != len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise Malformed(
            "SignedHeaders must be names of headers in lower case, each once, apart by semicolons.",
            Refusal.QUERY if presigned else Refusal.INCOMPLETE,
            service,
        )
    return names


def _signature(text: str, service: str, *, presigned: bool) -> str:
    if not _SIGNATURE.fullmatch(text):
        if service != "s3" or presigned:
            raise Malformed("", Refusal.SIGNATURE, service)
        raise Malformed(
            "The authorization header is malformed; the Signature is mal-formed.", service=service
        )
    return text
