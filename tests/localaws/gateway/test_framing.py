"""Requests that are not quite HTTP: answered 400 and hung up on, so that nobody reads them twice.

Source: RFC 9112, sections 3, 5, 6, 7 and 11.2 (request smuggling).
"""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from signed_wire import Call, Key, exchange, send, signed

GOOD = b"GET /_landrail/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"


def test_the_unmutated_request_is_answered(local_aws):
    assert [r.status for r in exchange(local_aws.endpoint, GOOD + END)] == [200]
    both = exchange(local_aws.endpoint, GOOD + b"\r\n" + GOOD + END)
    assert [r.status for r in both] == [200, 200]


@pytest.mark.parametrize(
    "line",
    [
        b"Content-Length: 5\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b" Transfer-Encoding: chunked\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1_0\r\n",
        b"Content-Length: 0x10\r\n",
        b"Content-Length: 1, 1\r\n",
        b"Content-Length: \r\n",
        b"Content-Length: 99999999999999999999999999\r\n",
        b"Host: elsewhere\r\n",
        b"X-Folded: one\r\n two\r\n",
        b"X-Nul: a\x00b\r\n",
        b"X-Return: a\rb\r\n",
        b"X-Line: a\nX-Other: b\r\n",
        b"No colon here\r\n",
        b"Authorization: Basic \xff\r\n",
        b": no name\r\n",
        b"X(Bad): x\r\n",
        b"Expect: the-moon\r\n",
        b"X-Long: " + b"a" * 70000 + b"\r\n",
        b"".join(b"X-%d: 1\r\n" % i for i in range(300)),
    ],
)
def test_heads_that_can_be_read_in_two_ways(local_aws, line):
    replies = exchange(local_aws.endpoint, GOOD + line + b"\r\n" + GOOD + END, half=True)
    assert [r.status // 100 for r in replies] in ([4], [5])
    assert replies[0].status in (400, 417, 431, 501)
    assert "<Code>BadRequest</Code>" in replies[0].text
    assert replies[0].headers["connection"] == "close"


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:70321\r\n\r\n",
        b"GET http://127.0.0.1:70321/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"G\xe9T / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        b"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00" * 100,
        b"A" * 70000,
        b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http(local_aws, raw):
    replies = exchange(local_aws.endpoint, raw, half=True)
    assert [r.status for r in replies] in ([400], [414])


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nhel",
        b"5\r\nhelloX\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"5 5\r\nhello\r\n0\r\n\r\n",
        b"\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5\r\nhello\r\n0\r\nbad trailer\r\n\r\n",
        b"FFFFFFFFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    ],
)
def test_chunks_that_are_none(local_aws, body):
    head = b"PUT /bucket/key HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    replies = exchange(local_aws.endpoint, head + body + GOOD + END, half=True)
    assert [r.status for r in replies] == [400]
    good = head + b"5;x=y\r\nhello\r\n0\r\nX-Trailer: t\r\n\r\n" + GOOD + END
    assert [r.status for r in exchange(local_aws.endpoint, good)] == [403, 200]


def test_a_body_shorter_than_it_says(local_aws):
    head = b"PUT /bucket/key HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    replies = exchange(local_aws.endpoint, head + b"short", half=True)
    assert [r.status for r in replies] == [400]


def test_a_signed_body_in_chunks_of_http(local_aws):
    found = local_aws.bootstrap.get_credentials()
    call = Call(
        "sts",
        "POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=b"Action=GetCallerIdentity&Version=2011-06-15",
        region="us-east-1",
    )
    key = Key(found.access_key, found.secret_key)
    wire = signed(call, key, local_aws.endpoint).without("Content-Length")
    wire = wire.with_headers(("Transfer-Encoding", "chunked"), ("Connection", "close"))
    size = b"%x\r\n" % len(call.body)
    raw = wire.raw()[: -len(call.body)] + size + call.body + b"\r\n0\r\n\r\n"
    assert send(local_aws.endpoint, raw).status == 200
    changed = raw.replace(b"2011-06-15", b"2011-06-16")
    assert send(local_aws.endpoint, changed).status == 403


def test_slow_clients_hold_nobody_up(local_aws):
    place = urlsplit(local_aws.endpoint)
    slow = [socket.create_connection((place.hostname, place.port)) for _ in range(40)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall((GOOD + b"Content-Length: 9\r\n\r\n")[: 10 + number])
        found: list[int] = []

        def ask() -> None:
            found.append(exchange(local_aws.endpoint, GOOD + END)[0].status)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert found == [200] * 8
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("path", ["/v2/", "/_landrail/identity/token", "/v1/repos/x/info/refs"])
def test_doors_are_framed_like_the_rest(local_aws, path):
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n".encode()
    replies = exchange(local_aws.endpoint, head + b"short", half=True)
    assert replies
    assert all(reply.status < 500 for reply in replies)
    assert all("Traceback" not in reply.text for reply in replies)


def test_a_protocol_that_is_not_read_is_refused_in_itself(local_aws):
    found = local_aws.bootstrap.get_credentials()
    call = Call(
        "monitoring",
        "POST",
        "/service/GraniteServiceVersion20100801/operation/ListMetrics",
        headers={"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"},
        body=b"\xa0",
    )
    key = Key(found.access_key, found.secret_key)
    reply = send(local_aws.endpoint, signed(call, key, local_aws.endpoint))
    assert (reply.status, reply.headers["content-type"]) == (400, "application/cbor")
    assert reply.body.startswith(b"\xa2")
    assert b"does not read the protocol rpc-v2-cbor" in reply.body


def test_it_is_no_tunnel(local_aws):
    raw = b"CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nHost: sts.amazonaws.com:443\r\n\r\n"
    replies = exchange(local_aws.endpoint, raw, half=True)
    assert [reply.status for reply in replies] == [405]
    assert "http://" in replies[0].text


def test_text_that_no_answer_could_quote(local_aws, unique):
    s3, iam, bucket = local_aws.client("s3"), local_aws.client("iam"), unique("quoted")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for text in ("a\x00", "a\x01b", "\uffff"):
        with pytest.raises(ClientError) as caught:
            s3.list_objects_v2(Bucket=bucket, Prefix=text)
        assert caught.value.response["Error"]["Code"] == "InvalidArgument"
        with pytest.raises(ClientError) as caught:
            iam.list_users(PathPrefix=f"/{text}")
        assert caught.value.response["Error"]["Code"] == "MalformedInput"
    assert s3.list_objects_v2(Bucket=bucket, Prefix="a\tb\U0001f600")["KeyCount"] == 0
    assert "Users" in iam.list_users(PathPrefix="/a/")
