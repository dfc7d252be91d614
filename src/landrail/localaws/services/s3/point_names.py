"""Names of access points: what they may be, the aliases that AWS gives them, their hosts.

Source: S3 User Guide, "Access points naming rules, restrictions, and limitations"; "Using a
bucket-style alias for your access point".
"""

from __future__ import annotations

import re
import string

from landrail.localaws.api import ApiError
from landrail.localaws.store import ALIAS_SUFFIX

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,48})[a-z0-9]")
_KEPT = ("-s3alias", "-ext-s3alias", "--xa-s3")
_LETTERS = string.ascii_lowercase + string.digits
_LONGEST = 63
_RANDOM = 34


def check_name(name: str) -> None:
    """Raise ApiError for a name that no access point may have."""
    if _NAME.fullmatch(name) is None or name.endswith(_KEPT) or name.startswith("xn--"):
        raise ApiError("InvalidRequest", "The specified accesspoint name is not valid.", 400)


def alias_of(name: str, drawn: bytes) -> str:
    """Return an alias: the beginning of the name, what was drawn, and the suffix of aliases; never
    longer than a bucket's name."""
    number, letters = int.from_bytes(drawn, "big"), ""
    while len(letters) < _RANDOM:
        number, digit = divmod(number, len(_LETTERS))
        letters += _LETTERS[digit]
    room = _LONGEST - _RANDOM - 1 - len(ALIAS_SUFFIX)
    return f"{name[:room].rstrip('-')}-{letters}{ALIAS_SUFFIX}"


def endpoints(region: str) -> dict[str, str]:
    """Return the hosts below which access points of a region have their own."""
    domain = f"{region}.amazonaws.com"
    return {
        "ipv4": f"s3-accesspoint.{domain}",
        "dualstack": f"s3-accesspoint.dualstack.{domain}",
        "fips": f"s3-accesspoint-fips.{domain}",
        "fips_dualstack": f"s3-accesspoint-fips.dualstack.{domain}",
    }
