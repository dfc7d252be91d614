"""Bodies in chunks: their signatures, sizes and trailers.

Source: Amazon S3 API Reference, "Authenticating requests (AWS Signature Version 4)".
"""

from __future__ import annotations

import hashlib
import re
import zlib

import pytest
from signature_calls import base64_of
from signed_wire import Call, Wire, chunked, signed

BODY = b"Landrail sends this in several pieces, to see."
CHECKSUMS = {
    "x-amz-checksum-crc32": base64_of(zlib.crc32(BODY).to_bytes(4, "big")),
    "x-amz-checksum-sha1": base64_of(hashlib.sha1(BODY).digest()),
    "x-amz-checksum-sha256": base64_of(hashlib.sha256(BODY).digest()),
}
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
UPLOAD = Call("s3", "PUT", "/signature-tests/pieces", body=BODY)


def test_chunks_signed_one_by_one(local_aws, key, ask, thing):
    wire = chunked(UPLOAD, key, local_aws.endpoint)
    assert ask(wire)[0] == 200
    stored = local_aws.client("s3").get_object(Bucket="signature-tests", Key="pieces")
    assert stored["Body"].read() == BODY
    assert "aws-chunked" not in stored.get("ContentEncoding", "")
    changed = wire.body.replace(b"several", b"Several")
    assert ask(Wire("PUT", wire.target, wire.headers, changed))[:2] == (
        403,
        "SignatureDoesNotMatch",
    )
    odd = wire.body.replace(b"chunk-signature=", b"chunk-signature=\xe9", 1)
    headers = tuple((n, str(len(odd)) if n == "Content-Length" else v) for n, v in wire.headers)
    assert ask(Wire("PUT", wire.target, headers, odd))[:2] == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("name", sorted(CHECKSUMS))
@pytest.mark.parametrize("kind", [SIGNED_TRAILER, UNSIGNED_TRAILER])
def test_trailers(local_aws, key, ask, thing, kind, name):
    right = {name: CHECKSUMS[name]}
    assert ask(chunked(UPLOAD, key, local_aws.endpoint, kind=kind, trailers=right))[0] == 200
    other = UPLOAD.with_(body=BODY + b"!")
    wrong = chunked(other, key, local_aws.endpoint, kind=kind, trailers=right)
    assert ask(wrong)[:2] == (400, "BadDigest")


def test_trailers_are_those_that_were_announced(local_aws, key, ask, thing):
    trailers = {"x-amz-checksum-crc32": CHECKSUMS["x-amz-checksum-crc32"]}
    for kind in (SIGNED_TRAILER, UNSIGNED_TRAILER):
        for named in ("x-amz-checksum-sha1", ""):
            wire = chunked(
                UPLOAD, key, local_aws.endpoint, kind=kind, trailers=trailers, named=named
            )
            assert ask(wire)[:2] == (400, "MalformedTrailerError")
    wire = chunked(UPLOAD, key, local_aws.endpoint, kind=SIGNED_TRAILER, trailers=trailers)
    mark = re.search(rb"trailer-signature:([0-9a-f]+)", wire.body)[1]
    forged = wire.body.replace(mark, mark[::-1])
    assert ask(Wire("PUT", wire.target, wire.headers, forged))[:2] == (400, "MalformedTrailerError")


def test_lengths_of_chunked_bodies(local_aws, key, ask, thing):
    short = UPLOAD.with_(headers={"X-Amz-Decoded-Content-Length": "3"})
    wire = chunked(UPLOAD, key, local_aws.endpoint)
    assert ask(wire)[0] == 200
    cut = Wire("PUT", wire.target, wire.headers[:-1], wire.body[:40])
    cut = cut.with_headers(("Content-Length", "40"))
    assert ask(cut)[:2] == (400, "IncompleteBody")
    whole = signed(
        UPLOAD.with_(payload="STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), key, local_aws.endpoint
    )
    assert ask(whole)[:2] == (411, "MissingContentLength")
    told = signed(
        short.with_(payload=UNSIGNED_TRAILER, body=b"1\r\nx\r\n0\r\n\r\n"), key, local_aws.endpoint
    )
    assert ask(told)[:2] == (400, "IncompleteBody")


@pytest.mark.parametrize("size", [b"-5", b"+5", b"0x5", b"5 ", b"1_0", b"", b"F" * 40])
def test_sizes_of_chunks_are_plain(local_aws, key, ask, thing, size):
    body = size + b"\r\nhello\r\n0\r\n\r\n"
    call = Call(
        "s3",
        "PUT",
        "/signature-tests/sizes",
        headers={"X-Amz-Decoded-Content-Length": "5"},
        body=body,
        payload=UNSIGNED_TRAILER,
    )
    assert ask(signed(call, key, local_aws.endpoint))[0] in (400, 403)
    good = call.with_(body=b"5\r\nhello\r\n0\r\n\r\n")
    assert ask(signed(good, key, local_aws.endpoint))[0] == 200
