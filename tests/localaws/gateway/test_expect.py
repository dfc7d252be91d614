"""A client that asks before it sends a body is answered before it has sent one."""

import socket
from urllib.parse import urlsplit


def test_the_go_ahead_comes_before_the_body(local_aws):
    place = urlsplit(local_aws.endpoint)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(
            b"PUT /bucket/key HTTP/1.1\r\nHost: s3.eu-west-1.amazonaws.com\r\n"
            b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"body")
        assert connection.recv(100).startswith(b"HTTP/1.1 403 ")
