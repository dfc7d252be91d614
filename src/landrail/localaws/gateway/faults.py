"""What AWS calls the same refusal in each of its protocols.

One table: a refusal has one meaning here and its code, status and words per protocol on the wire.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from landrail.localaws.api import ApiError


class Refusal(Enum):
    """Why a request was turned away before any operation saw it."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown key"
    BAD_TOKEN = "bad token"
    SIGNATURE = "signature"
    EXPIRED = "expired"
    SKEWED = "skewed"
    INCOMPLETE = "incomplete"
    DENIED = "denied"


class _Words(NamedTuple):
    code: str
    status: int
    message: str


_NO_TOKEN = "Request is missing Authentication Token"
_BAD_TOKEN = "The security token included in the request is invalid."
_SIGNATURE = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
_EXPIRED = "The security token included in the request is expired"
_SKEWED = "Signature expired or not yet valid"
_INCOMPLETE = "The request signature does not conform to AWS standards."
_EC2 = "AWS was not able to validate the provided access credentials"

_QUERY = {
    Refusal.MISSING: _Words("MissingAuthenticationToken", 403, _NO_TOKEN),
    Refusal.UNKNOWN_KEY: _Words("InvalidClientTokenId", 403, _BAD_TOKEN),
    Refusal.BAD_TOKEN: _Words("InvalidClientTokenId", 403, _BAD_TOKEN),
    Refusal.SIGNATURE: _Words("SignatureDoesNotMatch", 403, _SIGNATURE),
    Refusal.EXPIRED: _Words("ExpiredToken", 403, _EXPIRED),
    Refusal.SKEWED: _Words("SignatureDoesNotMatch", 403, _SKEWED),
    Refusal.INCOMPLETE: _Words("IncompleteSignature", 400, _INCOMPLETE),
    Refusal.DENIED: _Words("AccessDenied", 403, ""),
}
_JSON = {
    Refusal.MISSING: _Words(
        "MissingAuthenticationTokenException", 400, "Missing Authentication Token"
    ),
    Refusal.UNKNOWN_KEY: _Words("UnrecognizedClientException", 400, _BAD_TOKEN),
    Refusal.BAD_TOKEN: _Words("UnrecognizedClientException", 400, _BAD_TOKEN),
    Refusal.SIGNATURE: _Words("InvalidSignatureException", 400, _SIGNATURE),
    Refusal.EXPIRED: _Words("ExpiredTokenException", 400, _EXPIRED),
    Refusal.SKEWED: _Words("InvalidSignatureException", 400, _SKEWED),
    Refusal.INCOMPLETE: _Words("IncompleteSignatureException", 400, _INCOMPLETE),
    Refusal.DENIED: _Words("AccessDeniedException", 400, ""),
}
_REST_JSON = {refusal: words._replace(status=403) for refusal, words in _JSON.items()}
_EC2_WORDS = {
    Refusal.MISSING: _Words("MissingAuthenticationToken", 403, _NO_TOKEN),
    Refusal.UNKNOWN_KEY: _Words("AuthFailure", 401, _EC2),
    Refusal.BAD_TOKEN: _Words("AuthFailure", 401, _EC2),
    Refusal.SIGNATURE: _Words("AuthFailure", 401, _EC2),
    Refusal.EXPIRED: _Words("RequestExpired", 400, "Request has expired."),
    Refusal.SKEWED: _Words("RequestExpired", 400, "Request has expired."),
    Refusal.INCOMPLETE: _Words("IncompleteSignature", 400, _INCOMPLETE),
    Refusal.DENIED: _Words("UnauthorizedOperation", 403, ""),
}
_S3 = {
    Refusal.MISSING: _Words("AccessDenied", 403, "Access Denied"),
    Refusal.UNKNOWN_KEY: _Words(
        "InvalidAccessKeyId",
        403,
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
    Refusal.BAD_TOKEN: _Words(
        "InvalidToken", 400, "The provided token is malformed or otherwise invalid."
    ),
    Refusal.SIGNATURE: _Words("SignatureDoesNotMatch", 403, _SIGNATURE),
    Refusal.EXPIRED: _Words("ExpiredToken", 400, "The provided token has expired."),
    Refusal.SKEWED: _Words(
        "RequestTimeTooSkewed",
        403,
        "The difference between the request time and the server's time is too large.",
    ),
    Refusal.INCOMPLETE: _Words("AuthorizationHeaderMalformed", 400, _INCOMPLETE),
    Refusal.DENIED: _Words("AccessDenied", 403, ""),
}
_BY_PROTOCOL = {
    "query": _QUERY,
    "json": _JSON,
    "smithy-rpc-v2-cbor": _JSON,
    "rest-json": _REST_JSON,
    "ec2": _EC2_WORDS,
    "rest-xml": _QUERY,
}


def refusal(kind: Refusal, service: str, protocol: str, message: str = "") -> ApiError:
    """Return the error for a refusal as this service would put it."""
    table = _S3 if service in ("s3", "s3control") else _BY_PROTOCOL[protocol]
    words = table[kind]
    return ApiError(words.code, message or words.message, words.status)
