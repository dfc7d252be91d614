"""The CodeCommit credential scheme of git over HTTP: a name and a password made by SigV4.

The user name is the access key id (`%` and the session token behind it for temporary ones), the
password a time and a signature over a `GIT` request. The region is part of what is signed but not
of what is sent, so the caller tries those in which the repository may be.
"""

from __future__ import annotations

import hmac
import time
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.git_signature import sign

VALID_FOR = 15 * 60


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A caller and the region its signature was made for."""

    caller: Caller
    region: str


def sign_in(
    platform: Platform,
    name: str,
    password: str,
    path: str,
    hosts: Iterable[str],
    regions: Iterable[str],
) -> SignedIn:
    """Return who signed; raises ApiError (403) where the signature or its time is wrong."""
    key_id = name.split("%", 1)[0]
    stamp, _, signature = password.partition("Z")
    if len(stamp) != 15 or not signature:
        raise ApiError("InvalidSignatureException", "The password is not a signature.", 403)
    _check_time(stamp)
    caller, secret = platform.authenticate(key_id)
    tried_hosts = tuple(hosts)
    for region in regions:
        for host in tried_hosts:
            wanted = sign(secret, region, stamp, host, path)
            if hmac.compare_digest(wanted, signature):
                return SignedIn(caller, region)
    raise ApiError("InvalidSignatureException", "The signature does not match.", 403)


def _check_time(stamp: str) -> None:
    try:
        made = timegm(time.strptime(stamp, "%Y%m%dT%H%M%S"))
    except ValueError as wrong:
        raise ApiError(
            "InvalidSignatureException", "The time of the signature cannot be read.", 403
        ) from wrong
    if abs(time.time() - made) > VALID_FOR:
        raise ApiError("InvalidSignatureException", "Signature expired.", 403)
