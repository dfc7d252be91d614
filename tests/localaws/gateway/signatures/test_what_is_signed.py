"""What a request means is what was signed: its host, headers, path and parameters.

Source: IAM User Guide, "Troubleshoot AWS Signature Version 4 errors".
"""

from __future__ import annotations

import pytest
from signature_calls import FORM, WHO
from signed_wire import Call, Wire, presigned, send, signed


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


def test_parameters_that_are_there_twice_are_signed_both(local_aws, key, ask, thing):
    query = (("list-type", "2"), ("prefix", "a/"), ("prefix", "b/"))
    wire = signed(Call("s3", path="/signature-tests", query=query), key, local_aws.endpoint)
    assert ask(wire)[0] in (200, 400)
    more = Wire("GET", f"{wire.target}&prefix=c", wire.headers, b"")
    assert ask(more)[:2] == (403, "SignatureDoesNotMatch")
    fewer = Wire("GET", wire.target.replace("&prefix=b%2F", ""), wire.headers, b"")
    assert ask(fewer)[:2] == (403, "SignatureDoesNotMatch")
