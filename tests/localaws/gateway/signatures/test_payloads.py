"""Bodies in one piece: the hash that was signed, or none, and checksums of the client's.

Source: Amazon S3 API Reference, "Authenticating requests (AWS Signature Version 4)".
"""

from __future__ import annotations

import hashlib
import zlib

import pytest
from signature_calls import FORM, WHO, base64_of
from signed_wire import Call, signed


def test_payloads_that_are_not_signed(local_aws, key, ask, thing):
    upload = Call("s3", "PUT", "/signature-tests/unsigned", body=b"x", payload="UNSIGNED-PAYLOAD")
    assert ask(signed(upload, key, local_aws.endpoint))[0] == 200
    headers = {**FORM, "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}
    elsewhere = WHO.with_(headers=headers, payload="UNSIGNED-PAYLOAD")
    assert ask(signed(elsewhere, key, local_aws.endpoint))[:2] == (403, "SignatureDoesNotMatch")


def test_what_s3_asks_of_the_hash(local_aws, key, ask, thing):
    upload = Call("s3", "PUT", "/signature-tests/hashed", body=b"x")
    wrong = upload.with_(payload=hashlib.sha256(b"y").hexdigest())
    assert ask(signed(wrong, key, local_aws.endpoint))[:2] == (400, "XAmzContentSHA256Mismatch")
    for odd in ("abc", "UNSIGNED", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "Z" * 64):
        status, code, message = ask(signed(upload.with_(payload=odd), key, local_aws.endpoint))
        assert (status, code) == (400, "InvalidArgument")
        assert message.startswith("x-amz-content-sha256 must be")
    bare = signed(upload, key, local_aws.endpoint).without("X-Amz-Content-Sha256")
    status, code, message = ask(bare)
    assert (status, code) == (400, "InvalidRequest")
    assert message == "Missing required header for this request: x-amz-content-sha256"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-crc32", base64_of(zlib.crc32(b"123456789").to_bytes(4, "big"))),
        ("Content-MD5", base64_of(hashlib.md5(b"123456789").digest())),
    ],
)
def test_checksums_in_headers(local_aws, key, ask, thing, name, value):
    """Of `123456789`, whose checks the catalogue of CRC algorithms prints."""
    call = Call("s3", "PUT", "/signature-tests/sum", headers={name: value}, body=b"123456789")
    assert ask(signed(call, key, local_aws.endpoint))[0] == 200
    wrong = call.with_(body=b"123456780")
    assert ask(signed(wrong, key, local_aws.endpoint))[:2] == (400, "BadDigest")
    odd = call.with_(headers={name: "AAAA"})
    assert ask(signed(odd, key, local_aws.endpoint))[1] in ("InvalidRequest", "InvalidDigest")


def test_one_checksum_of_an_algorithm_there_is(local_aws, key, ask, thing):
    two = {"x-amz-checksum-crc32c": "4waSgw==", "x-amz-checksum-crc64nvme": "rosUhgp5mIg="}
    call = Call("s3", "PUT", "/signature-tests/sum", headers=two, body=b"123456789")
    assert ask(signed(call, key, local_aws.endpoint))[:2] == (400, "InvalidRequest")
    odd = call.with_(headers={"x-amz-checksum-crc99": "4waSgw=="})
    assert ask(signed(odd, key, local_aws.endpoint))[:2] == (400, "InvalidRequest")
