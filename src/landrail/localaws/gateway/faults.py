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
    LATE = "presigned too long ago"
    EARLY = "presigned for later"
    INCOMPLETE = "incomplete"
    QUERY = "malformed presigned URL"
    TWICE = "two mechanisms"
    MECHANISM = "another mechanism"
    ARGUMENT = "no mechanism of AWS"
    NO_DATE = "no date"
    NOT_SIGNED = "headers that are not signed"
    HASH = "hash of the payload"
    NO_HASH = "no hash of the payload"
    BAD_HASH = "no hash that can be one"
    NO_LENGTH = "no length of a chunked body"
    SHORT = "another length of a chunked body"
    TRAILER = "trailer"
    DENIED = "denied"
    NO_WAY = "no way"


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
_NOT_SIGNED = "There were headers present in the request which were not signed"
_HASH = "The provided 'x-amz-content-sha256' header does not match what was computed."
_BAD_HASH = (
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid "
    "sha256 value."
)
_SHORT = "You did not provide the number of bytes specified by the Content-Length HTTP header"
_TRAILER = (
    "The request contained trailing data that was not well-formed or did not conform to our "
    "published schema."
)
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
    Refusal.LATE: _Words("AccessDenied", 403, "Request has expired"),
    Refusal.EARLY: _Words("AccessDenied", 403, "Request is not valid yet"),
    Refusal.INCOMPLETE: _Words("AuthorizationHeaderMalformed", 400, _INCOMPLETE),
    Refusal.QUERY: _Words("AuthorizationQueryParametersError", 400, _INCOMPLETE),
    Refusal.TWICE: _Words("InvalidArgument", 400, ""),
    Refusal.MECHANISM: _Words("InvalidRequest", 400, ""),
    Refusal.ARGUMENT: _Words("InvalidArgument", 400, ""),
    Refusal.NO_DATE: _Words(
        "AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header"
    ),
    Refusal.NOT_SIGNED: _Words("AccessDenied", 403, _NOT_SIGNED),
    Refusal.HASH: _Words("XAmzContentSHA256Mismatch", 400, _HASH),
    Refusal.NO_HASH: _Words(
        "InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"
    ),
    Refusal.BAD_HASH: _Words("InvalidArgument", 400, _BAD_HASH),
    Refusal.NO_LENGTH: _Words(
        "MissingContentLength",
        411,
        "You must provide the Content-Length HTTP header: x-amz-decoded-content-length.",
    ),
    Refusal.SHORT: _Words("IncompleteBody", 400, _SHORT),
    Refusal.TRAILER: _Words("MalformedTrailerError", 400, _TRAILER),
    Refusal.DENIED: _Words("AccessDenied", 403, ""),
}
# Other services have fewer words: what they call the refusals that S3 tells apart.
_ELSEWHERE = {
    Refusal.LATE: Refusal.SKEWED,
    Refusal.EARLY: Refusal.SKEWED,
    Refusal.QUERY: Refusal.INCOMPLETE,
    Refusal.TWICE: Refusal.INCOMPLETE,
    Refusal.MECHANISM: Refusal.INCOMPLETE,
    Refusal.ARGUMENT: Refusal.INCOMPLETE,
    Refusal.NO_DATE: Refusal.INCOMPLETE,
    Refusal.NOT_SIGNED: Refusal.SIGNATURE,
    Refusal.HASH: Refusal.SIGNATURE,
    Refusal.NO_HASH: Refusal.SIGNATURE,
    Refusal.BAD_HASH: Refusal.SIGNATURE,
    Refusal.NO_LENGTH: Refusal.SIGNATURE,
    Refusal.SHORT: Refusal.SIGNATURE,
    Refusal.TRAILER: Refusal.SIGNATURE,
}
# S3 says these in one way, whatever there would be to say.
_FIXED = frozenset({Refusal.SKEWED, Refusal.NO_DATE, Refusal.SIGNATURE, Refusal.LATE})
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
    if kind is Refusal.NO_WAY:
        # On AWS the connection would time out: no service has words for it.
        return ApiError("NoRouteToService", message, 400)
    if service in ("s3", "s3control"):
        words = _S3[kind]
        message = "" if kind in _FIXED else message
    else:
        words = _BY_PROTOCOL[protocol][_ELSEWHERE.get(kind, kind)]
    return ApiError(words.code, message or words.message, words.status)
