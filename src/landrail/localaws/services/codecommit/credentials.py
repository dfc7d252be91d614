"""The CodeCommit credential scheme of git over HTTP: a name and a password made by SigV4.

The user name is the access key id (`%` and the session token behind it for temporary ones), the
password a time and a signature over a `GIT` request. The region is part of what is signed but not
of what is sent, so the caller tries those in which the repository may be.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass

from landrail.localaws.api import ApiError, Caller, Credentials, Platform

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


def header(given: Credentials, endpoint: str, region: str, repository: str) -> str:
    """Return the `Authorization` header by which a role's session signs in to a repository."""
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    host = endpoint.partition("//")[2].partition(":")[0]
    signature = sign(given.secret_access_key, region, stamp, host, f"/v1/repos/{repository}")
    signed = f"{given.access_key_id}%{given.session_token}:{stamp}Z{signature}"
    return "Basic " + base64.b64encode(signed.encode()).decode()


def sign(secret: str, region: str, stamp: str, host: str, path: str) -> str:
    """Return the signature of a `GIT` request made at `stamp` (YYYYMMDDTHHMMSS)."""
    canonical = f"GIT\n{path}\n\nhost:{host}\n\nhost\n"
    scope = f"{stamp[:8]}/{region}/codecommit/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in (stamp[:8], region, "codecommit", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _check_time(stamp: str) -> None:
    try:
        made = timegm(time.strptime(stamp, "%Y%m%dT%H%M%S"))
    except ValueError as wrong:
        raise ApiError(
            "InvalidSignatureException", "The time of the signature cannot be read.", 403
        ) from wrong
    if abs(time.time() - made) > VALID_FOR:
        raise ApiError("InvalidSignatureException", "Signature expired.", 403)
