"""Forms of signatures: those that are none, those of other kinds, two at once, and their scope.

Source: IAM User Guide, "Troubleshoot AWS Signature Version 4 errors".
"""

from __future__ import annotations

import pytest
from signature_calls import WHO
from signed_wire import Wire, presigned, signed


@pytest.mark.parametrize(
    ("part", "value", "status", "code"),
    [
        ("date", "20200101", 403, "SignatureDoesNotMatch"),
        ("region", "mars", 403, "SignatureDoesNotMatch"),
        ("region", "us-west-2", 403, "SignatureDoesNotMatch"),
        ("service", "iam", 400, "InvalidAction"),
        ("service", "nosuch", 400, "InvalidAction"),
        ("end", "aws5_request", 400, "IncompleteSignature"),
        ("end", "aws4_request/x", 400, "IncompleteSignature"),
    ],
)
def test_the_scope(local_aws, key, ask, part, value, status, code):
    wire = signed(WHO, key, local_aws.endpoint)
    date, region, service, end = wire.scope.split("/")
    parts = {"date": date, "region": region, "service": service, "end": end, part: value}
    scope = "/".join(parts[name] for name in ("date", "region", "service", "end"))
    headers = tuple((n, v.replace(wire.scope, scope)) for n, v in wire.headers)
    changed = Wire(wire.method, wire.target, headers, wire.body)
    assert ask(changed)[:2] == (status, code)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 ", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 garbage", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=a", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256x Credential=a, SignedHeaders=b, Signature=c", "IncompleteSignature"),
        ("AWS4-HMAC-SHA512 Credential=a, SignedHeaders=b, Signature=c", "IncompleteSignature"),
        ("Bearer abc", "IncompleteSignature"),
        ("Basic abc", "IncompleteSignature"),
    ],
)
def test_authorization_that_is_none(local_aws, key, ask, header, code):
    wire = signed(WHO, key, local_aws.endpoint).without("Authorization")
    status, said, _ = ask(wire.with_headers(("Authorization", header)))
    assert (status, said) == (400, code)


def test_asymmetric_and_old_signatures_are_refused_with_a_reason(local_aws, key, ask, thing):
    wire = signed(thing, key, local_aws.endpoint).without("Authorization")
    two = (
        "AWS4-ECDSA-P256-SHA256 Credential=a/20200101/s3/aws4_request, SignedHeaders=b, Signature=c"
    )
    status, code, message = ask(wire.with_headers(("Authorization", two)))
    assert (status, code) == (400, "InvalidRequest")
    assert "SigV4A" in message
    old = ("Authorization", f"AWS {key.access}:c2lnbmF0dXJl")
    status, code, message = ask(wire.with_headers(old))
    assert (status, code) == (400, "InvalidRequest")
    assert "AWS4-HMAC-SHA256" in message
    url = presigned(thing, key, local_aws.endpoint, Algorithm="AWS4-ECDSA-P256-SHA256")
    assert ask(url)[:2] == (400, "InvalidRequest")


def test_two_mechanisms_at_once(local_aws, key, ask, thing):
    header = dict(signed(thing, key, local_aws.endpoint).headers)["Authorization"]
    url = presigned(thing, key, local_aws.endpoint)
    assert ask(url)[0] == 200
    status, code, message = ask(url.with_headers(("Authorization", header)))
    assert (status, code) == (400, "InvalidArgument")
    assert message.startswith("Only one auth mechanism allowed")


def test_a_host_of_another_region(local_aws, key, ask, thing):
    for host, call, code in (
        ("sts.eu-west-1.amazonaws.com", WHO, "SignatureDoesNotMatch"),
        ("s3.eu-central-1.amazonaws.com", thing, "AuthorizationHeaderMalformed"),
    ):
        assert ask(signed(call, key, f"http://{host}"))[1] == code
    assert ask(signed(WHO, key, "http://sts.us-east-1.amazonaws.com"))[0] == 200
    assert ask(signed(WHO, key, "http://sts.amazonaws.com"))[0] == 200
