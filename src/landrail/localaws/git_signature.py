"""How git over HTTP is signed for CodeCommit: for who signs, and for who checks.

The password is a time and a signature over a `GIT` request; the region is part of what is signed
and not of what is sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

from landrail.localaws.api import Credentials


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
