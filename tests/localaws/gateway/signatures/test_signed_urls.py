"""Signatures in URLs: what one needs, how long it lives, what it carries.

Source: Amazon S3 API Reference, "Authenticating requests (AWS Signature Version 4)".
"""

from __future__ import annotations

import re
import time

import pytest
from signed_wire import Call, Wire, presigned

DAY = 24 * 3600


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


def test_headers_carried_in_a_url_are_in_force(local_aws, key, ask, thing):
    query = (("x-amz-meta-owner", "ana"), ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"))
    call = Call("s3", "PUT", "/signature-tests/carried", query, body=b"x")
    assert ask(presigned(call, key, local_aws.endpoint))[0] == 200
    found = local_aws.client("s3").head_object(Bucket="signature-tests", Key="carried")
    assert found["Metadata"] == {"owner": "ana"}
