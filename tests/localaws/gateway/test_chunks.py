"""The `aws-chunked` bodies that SDKs of other languages send: signed chunks and trailers.

The signed example is the one AWS documents, with its own keys and signatures.
Source: Amazon S3 API Reference, "Signature calculations: transferring payload in multiple chunks".
"""

from __future__ import annotations

import pytest

from landrail.localaws.gateway.callers import chunks, claims, signature
from landrail.localaws.gateway.callers.signature import Signed
from landrail.localaws.store import Incoming

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
INCOMING = Incoming(
    "PUT",
    "s3.amazonaws.com",
    "/examplebucket/chunkObject.txt",
    "",
    {
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "authorization": "AWS4-HMAC-SHA256 "
        "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
        "x-amz-decoded-content-length;x-amz-storage-class,"
        "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "content-length": "66824",
    },
    b"",
)
SIGNATURES = (
    b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
BODY = b"".join(
    b"%x;chunk-signature=%b\r\n%b\r\n" % (size, mark, b"a" * size)
    for size, mark in zip((65536, 1024, 0), SIGNATURES, strict=True)
)
BROKEN = [b"", b"5\r\nhel", b"zz\r\nhello\r\n0\r\n\r\n", b"5\r\nhelloX0\r\n"]


def _signed() -> Signed:
    signed = claims.find(INCOMING)
    assert signed is not None
    return signed


def test_the_documented_request_and_its_chunks_are_accepted():
    signed = _signed()
    assert signature.expected(signed, INCOMING, SECRET) == signed.signature
    key = signature.signing_key(SECRET, signed)
    body, trailers = chunks.decode(BODY, chunks.SIGNED, signed, key)
    assert body == b"a" * 66560
    assert trailers == {}


@pytest.mark.parametrize("place", [100, 65640, len(BODY) - 20])
def test_a_changed_chunk_is_refused(place):
    signed = _signed()
    changed = BODY[:place] + b"X" + BODY[place + 1 :]
    with pytest.raises(chunks.BadChunk):
        chunks.decode(changed, chunks.SIGNED, signed, signature.signing_key(SECRET, signed))


def test_an_unsigned_body_with_a_trailer():
    body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    assert chunks.decode(body, chunks.UNSIGNED_TRAILER, _signed(), b"") == (
        b"hello",
        {"x-amz-checksum-crc32": "NhCmhg=="},
    )


@pytest.mark.parametrize("body", BROKEN)
def test_a_body_that_is_cut_or_broken_is_refused(body):
    with pytest.raises(chunks.BadChunk):
        chunks.decode(body, chunks.UNSIGNED_TRAILER, _signed(), b"")
