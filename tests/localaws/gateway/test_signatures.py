"""Signatures, each rule of AWS's with a request that keeps it and one that does not.

Source: Amazon S3 API Reference, "Authenticating requests (AWS Signature Version 4)"; IAM User
Guide, "Troubleshoot AWS Signature Version 4 errors".
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
import zlib

import pytest
from signed_wire import Call, Key, Wire, chunked, presigned, send, signed, stamp

from landrail.localaws.api import Caller
from landrail.localaws.store import CredentialStore, Tables

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
WHO = Call(
    "sts",
    "POST",
    headers=FORM,
    body=b"Action=GetCallerIdentity&Version=2011-06-15",
    region="us-east-1",
)
JSON = Call(
    "ssm",
    "POST",
    headers={
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.DescribeParameters",
    },
    body=b"{}",
)
DAY = 24 * 3600


@pytest.fixture(scope="module")
def key(local_aws):
    """The key of a user."""
    found = local_aws.bootstrap.get_credentials()
    return Key(found.access_key, found.secret_key)


@pytest.fixture(scope="module")
def session(local_aws):
    """The keys of two sessions of one role."""
    account = local_aws.account("signatures")
    made = [local_aws.administrator(account).get_credentials() for _ in range(2)]
    return [Key(k.access_key, k.secret_key, k.token) for k in made]


@pytest.fixture(scope="module")
def ask(local_aws):
    """Send a request and return its status and the error's code, empty for none."""

    def asked(wire: Wire) -> tuple[int, str, str]:
        reply = send(local_aws.endpoint, wire)
        code = re.search(r'<Code>(.*?)</Code>|"__type": "(.*?)"', reply.text)
        message = re.search(r'<Message>(.*?)</Message>|"message": "(.*?)"', reply.text)
        return (
            reply.status,
            (code[1] or code[2]) if code else "",
            ((message[1] or message[2]) if message else "").replace("&quot;", '"'),
        )

    return asked


@pytest.fixture(scope="module")
def thing(local_aws):
    """An object."""
    s3 = local_aws.client("s3")
    s3.create_bucket(
        Bucket="signature-tests", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_object(Bucket="signature-tests", Key="a/thing", Body=b"kept")
    return Call("s3", path="/signature-tests/a/thing")


@pytest.mark.parametrize(
    ("call", "seconds", "code"),
    [
        (WHO, -14 * 60, ""),
        (WHO, -16 * 60, "SignatureDoesNotMatch"),
        (WHO, 14 * 60, ""),
        (WHO, 16 * 60, "SignatureDoesNotMatch"),
        (JSON, -16 * 60, "InvalidSignatureException"),
        (JSON, 14 * 60, ""),
    ],
)
def test_a_signature_is_good_for_a_quarter_of_an_hour(local_aws, key, ask, call, seconds, code):
    at = time.time() + seconds
    status, said, message = ask(signed(call, key, local_aws.endpoint, at))
    assert said == code
    if code:
        assert status in (400, 403)
        assert message.startswith(
            "Signature expired: " if seconds < 0 else "Signature not yet current: "
        )


def test_s3_says_it_in_its_own_words(local_aws, key, ask, thing):
    late = signed(thing, key, local_aws.endpoint, time.time() - 3600)
    assert ask(late)[:2] == (403, "RequestTimeTooSkewed")
    assert ask(signed(thing, key, local_aws.endpoint))[0] == 200


@pytest.mark.parametrize(
    ("expires", "age", "status", "code"),
    [
        (60, 0, 200, ""),
        (60, 120, 403, "AccessDenied"),
        (7 * DAY, 6 * DAY, 200, ""),
        (7 * DAY + 1, 0, 400, "AuthorizationQueryParametersError"),
        (-1, 0, 400, "AuthorizationQueryParametersError"),
        ("soon", 0, 400, "AuthorizationQueryParametersError"),
        ("6 0", 0, 400, "AuthorizationQueryParametersError"),
        ("+60", 0, 400, "AuthorizationQueryParametersError"),
        ("6_0", 0, 400, "AuthorizationQueryParametersError"),
        ("٦٠", 0, 400, "AuthorizationQueryParametersError"),
        ("9" * 40, 0, 400, "AuthorizationQueryParametersError"),
        (None, 0, 400, "AuthorizationQueryParametersError"),
        (60, -1200, 403, "AccessDenied"),
    ],
)
def test_how_long_a_url_lives(local_aws, key, ask, thing, expires, age, status, code):
    wire = presigned(thing, key, local_aws.endpoint, expires, time.time() - age)
    assert ask(wire)[:2] == (status, code)


def test_a_url_that_was_good_is_refused_once_it_has_expired(local_aws, key, ask, thing):
    wire = presigned(thing, key, local_aws.endpoint, 2)
    assert ask(wire)[0] == 200
    time.sleep(3.1)
    status, code, message = ask(wire)
    assert (status, code, message) == (403, "AccessDenied", "Request has expired")


def test_urls_for_other_services(local_aws, key, ask):
    call = Call(
        "sts",
        query=(("Action", "GetCallerIdentity"), ("Version", "2011-06-15")),
        region="us-east-1",
    )
    assert ask(presigned(call, key, local_aws.endpoint, 60))[0] == 200
    late = presigned(call, key, local_aws.endpoint, 60, time.time() - 120)
    assert ask(late)[:2] == (403, "SignatureDoesNotMatch")
    other = call.with_(query=(("Action", "GetSessionToken"), ("Version", "2011-06-15")))
    swapped = presigned(call, key, local_aws.endpoint, 60)
    target = swapped.target.replace("GetCallerIdentity", "GetSessionToken")
    assert ask(Wire(swapped.method, target, swapped.headers, b""))[0] == 403
    assert ask(presigned(other, key, local_aws.endpoint, 60))[0] == 200


def test_tokens_of_sessions(local_aws, ask, session, key, thing):
    one, other = session
    plain = Key(one.access, one.secret)
    crossed = Key(one.access, one.secret, other.token)
    forged = Key(one.access, one.secret, "lrt1" + "A" * 40)
    spare = Key(key.access, key.secret, other.token)
    endpoint = local_aws.endpoint
    assert ask(signed(WHO, one, endpoint))[0] == 200
    for wrong in (plain, crossed, forged, spare):
        assert ask(signed(WHO, wrong, endpoint))[:2] == (403, "InvalidClientTokenId")
        assert ask(signed(JSON, wrong, endpoint))[:2] == (400, "UnrecognizedClientException")
    assert ask(signed(thing, plain, endpoint))[:2] == (403, "InvalidAccessKeyId")
    for wrong in (crossed, forged, spare):
        assert ask(signed(thing, wrong, endpoint))[:2] == (400, "InvalidToken")
        assert ask(presigned(thing, wrong, endpoint))[:2] == (400, "InvalidToken")


def test_the_token_must_be_signed(local_aws, ask, session):
    one = session[0]
    bare = signed(WHO, Key(one.access, one.secret), local_aws.endpoint)
    wire = bare.with_headers(("X-Amz-Security-Token", str(one.token)))
    assert ask(wire)[:2] == (403, "SignatureDoesNotMatch")


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


@pytest.mark.parametrize("name", ["X-Amz-Expires", "X-Amz-Signature", "X-Amz-Credential"])
def test_parameters_of_a_url_are_there_once(local_aws, key, ask, thing, name):
    url = presigned(thing, key, local_aws.endpoint)
    value = re.search(rf"{name}=([^&]+)", url.target)[1]
    twice = Wire(url.method, f"{url.target}&{name}={value}", url.headers, url.body)
    assert ask(twice)[:2] == (400, "AuthorizationQueryParametersError")


@pytest.mark.parametrize(
    "needed", ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"]
)
def test_parameters_that_a_url_needs(local_aws, key, ask, thing, needed):
    url = presigned(thing, key, local_aws.endpoint)
    path, query = url.target.split("?")
    kept = [item for item in query.split("&") if not item.startswith(f"X-Amz-{needed}=")]
    cut = Wire(url.method, f"{path}?{'&'.join(kept)}", url.headers, url.body)
    assert ask(cut)[:2] == (400, "AuthorizationQueryParametersError")


@pytest.mark.parametrize("name", ["X-Amz-Target", "x-amz-acl", "X-AMZ-META-owner"])
def test_nothing_of_amazons_is_added_unsigned(local_aws, key, ask, thing, name):
    added = signed(thing, key, local_aws.endpoint).with_headers((name, "x"))
    status, code, message = ask(added)
    assert (status, code) == (403, "AccessDenied")
    assert name.lower() in message
    url = presigned(thing, key, local_aws.endpoint).with_headers((name, "x"))
    assert ask(url)[:2] == (403, "AccessDenied")


def test_the_host_must_be_signed(local_aws, key, ask):
    wire = signed(WHO, key, local_aws.endpoint)
    headers = tuple((n, v.replace(";host;", ";")) for n, v in wire.headers)
    status, code, message = ask(Wire(wire.method, wire.target, headers, wire.body))
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert "host" in message


def test_a_header_with_underscores_is_not_one_of_amazons(local_aws, key, thing):
    """Some readers make no difference: an unsigned `x_amz_acl` would then open the object."""
    call = Call("s3", "PUT", "/signature-tests/underscored", body=b"x")
    wire = signed(call, key, local_aws.endpoint).with_headers(("x_amz_acl", "public-read"))
    assert send(local_aws.endpoint, wire).status == 200
    grants = local_aws.client("s3").get_object_acl(Bucket="signature-tests", Key="underscored")
    assert all("AllUsers" not in str(grant) for grant in grants["Grants"])


def test_what_signs_alike_means_the_same(local_aws, key, thing):
    """A plus and a space, a slash and %2F in S3's paths: read here as they were signed."""
    endpoint = local_aws.endpoint
    call = Call("s3", path="/signature-tests", query=(("list-type", "2"), ("prefix", "a+b c")))
    wire = signed(call, key, endpoint)
    assert "<Prefix>a+b c</Prefix>" in send(endpoint, wire).text
    looser = Wire(wire.method, wire.target.replace("%20", "+"), wire.headers, b"")
    assert "<Prefix>a+b c</Prefix>" in send(endpoint, looser).text
    wrong = Wire(wire.method, wire.target.replace("%2B", "+"), wire.headers, b"")
    assert send(endpoint, wrong).status == 403
    encoded = signed(thing, key, endpoint)
    slash = Wire("GET", encoded.target.replace("/a/", "/a%2F"), encoded.headers, b"")
    assert send(endpoint, slash).body == b"kept"


@pytest.mark.parametrize(
    ("path", "other"), [("/a%FEb", "/a%FFb"), ("/a%FFb", "/a%EF%BF%BDb"), ("/a%80", "/a%81")]
)
def test_bytes_that_are_no_text_are_told_apart(local_aws, key, ask, thing, path, other):
    wire = signed(Call("s3", path=f"/signature-tests{path}"), key, local_aws.endpoint)
    assert ask(wire)[1] in ("NoSuchKey", "InvalidURI")
    changed = Wire("GET", f"/signature-tests{other}", wire.headers, b"")
    assert ask(changed)[:2] == (403, "SignatureDoesNotMatch")


def test_spaces_in_values_are_spaces_alone(local_aws, key, ask):
    headers = {**FORM, "X-Amz-Note": "one two"}
    wire = signed(WHO.with_(headers=headers), key, local_aws.endpoint)
    assert ask(wire)[0] == 200
    for odd in ("one\xa0two", "one\x85two", "one\ttwo"):
        changed = tuple((n, odd if n == "X-Amz-Note" else v) for n, v in wire.headers)
        assert ask(Wire(wire.method, wire.target, changed, wire.body))[0] == 403


def test_paths_of_other_services_are_read_as_they_are_signed(local_aws, key, ask):
    call = Call("codeartifact", "POST", "/v1/domains", headers={"Content-Type": "application/json"})
    wire = signed(call, key, local_aws.endpoint)
    assert ask(wire)[0] == 200
    roundabout = Wire("POST", "/v1/x/../domains", wire.headers, b"")
    assert ask(roundabout)[0] == 200
    astray = Wire("POST", "/v1/domains/..", wire.headers, b"")
    assert ask(astray)[0] in (403, 404)


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


def test_headers_carried_in_a_url_are_in_force(local_aws, key, ask, thing):
    query = (("x-amz-meta-owner", "ana"), ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"))
    call = Call("s3", "PUT", "/signature-tests/carried", query, body=b"x")
    assert ask(presigned(call, key, local_aws.endpoint))[0] == 200
    found = local_aws.client("s3").head_object(Bucket="signature-tests", Key="carried")
    assert found["Metadata"] == {"owner": "ana"}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


BODY = b"Landrail sends this in several pieces, to see."
CHECKSUMS = {
    "x-amz-checksum-crc32": _b64(zlib.crc32(BODY).to_bytes(4, "big")),
    "x-amz-checksum-sha1": _b64(hashlib.sha1(BODY).digest()),
    "x-amz-checksum-sha256": _b64(hashlib.sha256(BODY).digest()),
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-crc32", _b64(zlib.crc32(b"123456789").to_bytes(4, "big"))),
        ("Content-MD5", _b64(hashlib.md5(b"123456789").digest())),
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


def test_keys_that_are_switched_off(local_aws, key, ask, unique):
    iam, name = local_aws.client("iam"), unique("off")
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    own = Key(made["AccessKeyId"], made["SecretAccessKey"])
    assert ask(signed(WHO, own, local_aws.endpoint))[0] == 200
    known = {"UserName": name, "AccessKeyId": own.access}
    iam.update_access_key(**known, Status="Inactive")
    assert ask(signed(WHO, own, local_aws.endpoint))[:2] == (403, "InvalidClientTokenId")
    iam.update_access_key(**known, Status="Active")
    assert ask(signed(WHO, own, local_aws.endpoint))[0] == 200
    iam.delete_access_key(**known)
    assert ask(signed(WHO, own, local_aws.endpoint))[:2] == (403, "InvalidClientTokenId")


def test_credentials_that_have_ended(local_aws, key, ask, thing):
    """STS gives none for so short a time: these are written where it keeps them."""
    tables = Tables(local_aws.state / "tables.sqlite")
    store = CredentialStore(tables)
    root = Caller(
        kind="root",
        arn=f"arn:aws:iam::{local_aws.management_account}:root",
        account=local_aws.management_account,
    )
    live, dead = (store.issue(root, seconds) for seconds in (60, -1))
    tables.close()
    one, other = (Key(c.access_key_id, c.secret_access_key, c.session_token) for c in (live, dead))
    endpoint = local_aws.endpoint
    assert ask(signed(WHO, one, endpoint))[0] == 200
    assert ask(signed(WHO, other, endpoint))[:2] == (403, "ExpiredToken")
    assert ask(signed(JSON, other, endpoint))[:2] == (400, "ExpiredTokenException")
    assert ask(signed(thing, other, endpoint))[:2] == (400, "ExpiredToken")
    assert ask(presigned(thing, other, endpoint))[:2] == (400, "ExpiredToken")


def test_parameters_that_are_there_twice_are_signed_both(local_aws, key, ask, thing):
    query = (("list-type", "2"), ("prefix", "a/"), ("prefix", "b/"))
    wire = signed(Call("s3", path="/signature-tests", query=query), key, local_aws.endpoint)
    assert ask(wire)[0] in (200, 400)
    more = Wire("GET", f"{wire.target}&prefix=c", wire.headers, b"")
    assert ask(more)[:2] == (403, "SignatureDoesNotMatch")
    fewer = Wire("GET", wire.target.replace("&prefix=b%2F", ""), wire.headers, b"")
    assert ask(fewer)[:2] == (403, "SignatureDoesNotMatch")


def test_a_host_of_another_region(local_aws, key, ask, thing):
    for host, call, code in (
        ("sts.eu-west-1.amazonaws.com", WHO, "SignatureDoesNotMatch"),
        ("s3.eu-central-1.amazonaws.com", thing, "AuthorizationHeaderMalformed"),
    ):
        assert ask(signed(call, key, f"http://{host}"))[1] == code
    assert ask(signed(WHO, key, "http://sts.us-east-1.amazonaws.com"))[0] == 200
    assert ask(signed(WHO, key, "http://sts.amazonaws.com"))[0] == 200


def test_the_date_may_stand_in_the_date_header(local_aws, key, ask):
    """In the form of HTTP or of signatures; it must then be signed."""
    now = time.time()
    for text in (stamp(now), time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now))):
        call = WHO.with_(headers={**FORM, "Date": text})
        wire = signed(call, key, local_aws.endpoint, now, dated=False)
        assert ask(wire)[0] == 200
        late = tuple((n, stamp(now - 60) if n == "Date" else v) for n, v in wire.headers)
        assert ask(Wire(wire.method, wire.target, late, wire.body))[0] == 403
    for text in ("yesterday", "20260101", ""):
        call = WHO.with_(headers={**FORM, "Date": text})
        wire = signed(call, key, local_aws.endpoint, now, dated=False)
        assert ask(wire)[:2] == (400, "IncompleteSignature")
    none = signed(WHO, key, local_aws.endpoint, now, dated=False)
    assert ask(none)[:2] == (400, "IncompleteSignature")
