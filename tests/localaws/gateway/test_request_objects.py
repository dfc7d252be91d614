"""Requests written down directly are those that moto would have built."""

from __future__ import annotations

import pytest
from moto.core.request import Request

from landrail.localaws.store import requests

_JSON = {"Host": "ssm.eu-west-1.amazonaws.com", "Content-Type": "application/x-amz-json-1.1"}
_FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
_SIGNED = {"authorization": "AWS4-HMAC-SHA256 Credential=a/b, Signature=c", "x-amz-date": "x"}


@pytest.mark.parametrize(
    ("method", "url", "headers", "body"),
    [
        ("POST", "https://ssm.eu-west-1.amazonaws.com/", _JSON, b'{"Name": "a"}'),
        ("POST", "https://127.0.0.1:4510/", {"host": "127.0.0.1:4510", **_FORM}, b"A=b&C=%20"),
        ("POST", "https://iam.amazonaws.com/", {**_FORM, "Content-Length": "3"}, b"A=b"),
        ("GET", "https://s3.eu-west-1.amazonaws.com/bucket/key/a.b", _SIGNED, b""),
        ("GET", "https://s3.eu-west-1.amazonaws.com/bucket?list-type=2&prefix=a", _SIGNED, b""),
        ("GET", "https://s3.eu-west-1.amazonaws.com/bucket?acl", {}, b""),
        ("GET", "https://s3.eu-west-1.amazonaws.com/bucket?", {}, b""),
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b/k", {"x-amz-meta-a": "1", "X-B": ""}, b"\0"),
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b/k", {"transfer-encoding": "chunked"}, b"a"),
        ("GET", "https://a.example/b", {"A": "1", "a": "2"}, b""),
        # These have something to encode, or to be told apart.
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b/k", {"x-amz-meta-my_key": "1"}, b"a"),
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b/%C3%A4%2F?x=%20", _SIGNED, b"a"),
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b//k//", _SIGNED, b"a"),
        ("GET", "https://s3.eu-west-1.amazonaws.com//b", _SIGNED, b""),
        ("PUT", "https://s3.eu-west-1.amazonaws.com/b/ä", {"x-amz-meta-a": "é"}, b"a"),
        ("POST", "https://iam.amazonaws.com/", {**_FORM, "Content-Length": "0"}, b""),
    ],
)
def test_the_environment_is_the_same(method, url, headers, body):
    ours = requests.request(method, url, headers, body)
    built = Request.from_primitives(method, url, headers, body)
    for name in ("url", "raw_url", "raw_path", "path", "args", "content_type"):
        assert getattr(ours, name) == getattr(built, name)
    assert sorted(ours.headers) == sorted(built.headers)
    assert ours.get_data() == built.get_data() == body
    mine, theirs = dict(ours.environ), dict(built.environ)
    for environ in (mine, theirs):
        environ.pop("wsgi.input")
        environ.pop("werkzeug.request", None)
    assert mine == theirs


def test_plain_requests_go_without_the_builder():
    environ = requests.request("GET", "https://a.example/b?c=d", {"Host": "a.example"}, b"").environ
    assert environ["PATH_INFO"] == "/b"
    assert environ["QUERY_STRING"] == "c=d"
