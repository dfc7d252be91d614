"""The head of an HTTP/1.1 request and the length of its body, read strictly.

Whatever two readers could understand differently is refused here: folded headers, spaces before
a colon, control characters, two lengths, a length beside a transfer coding. No AWS in it.
Source: RFC 9112, sections 2 to 7; RFC 9110, section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_LONGEST_LINE = 1 << 16
_LONGEST_HEAD = 1 << 17
_MOST_HEADERS = 200
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([!-~]+) HTTP/(1\.[01])")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PORT = re.compile(r":(\d+)\Z")
_LAST_PORT = 65_535
_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")
_ONCE = ("host", "content-length", "transfer-encoding", "content-type", "authorization")


class BadHead(Exception):
    """A request that is not HTTP as this server reads it; the connection ends with it."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Head:
    """What came before the body; header names in lower case, values as Latin-1 text. `length` is
    None for a chunked body."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    length: int | None

    def get(self, name: str) -> str:
        """Return the value of a header, empty where it was not sent."""
        return next((value for key, value in self.headers if key == name), "")


def read_head(stream: IO[bytes]) -> Head | None:
    """Read a request's head; None at the end of the connection. Raises BadHead."""
    first = stream.readline(_LONGEST_LINE + 1)
    if first in (b"\r\n", b"\n"):
        first = stream.readline(_LONGEST_LINE + 1)
    if not first:
        return None
    if len(first) > _LONGEST_LINE:
        raise BadHead("The request line is too long.", 414)
    match = _REQUEST.fullmatch(_without_end(first))
    if match is None:
        raise BadHead("The request line is not one of HTTP/1.1.")
    headers = tuple(_headers(stream))
    for name in _ONCE:
        if sum(1 for key, _ in headers if key == name) > 1:
            raise BadHead(f"The header {name} is there more than once.")
    if not all(value.isascii() for key, value in headers if key == "authorization"):
        raise BadHead("The header authorization is not well-formed.")
    version = match[3].decode()
    _check_host(headers, version)
    return Head(match[1].decode(), match[2].decode(), version, headers, _length(headers, version))


def _headers(stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    size = 0
    for count in range(_MOST_HEADERS + 1):
        line = stream.readline(_LONGEST_LINE + 1)
        size += len(line)
        if size > _LONGEST_HEAD or len(line) > _LONGEST_LINE or count == _MOST_HEADERS:
            raise BadHead("The headers of the request are too large.", 431)
        bare = _without_end(line)
        if not bare:
            return
        name, colon, value = bare.partition(b":")
        if not colon or _NAME.fullmatch(name) is None or _CONTROL.search(value):
            raise BadHead("A header of the request is not well-formed.")
        yield name.decode().lower(), value.strip(b" \t").decode("latin-1")


def _without_end(line: bytes) -> bytes:
    if line.endswith(b"\r\n"):
        return line[:-2]
    raise BadHead("A line of the request does not end with CR LF.")


def _check_host(headers: tuple[tuple[str, str], ...], version: str) -> None:
    host = next((value for key, value in headers if key == "host"), None)
    if host is None and version == "1.1":
        raise BadHead("The request has no Host header.")
    if host:
        check_host(host)


def check_host(host: str) -> None:
    """Raise BadHead where this is not the name or address of a host, with a port or without."""
    if not _HOST.fullmatch(host):
        raise BadHead("The name of the host is not well-formed.")
    port = _PORT.search(host)
    if port is not None and int(port[1]) > _LAST_PORT:
        raise BadHead("The port of the host is not one.")


def _length(headers: tuple[tuple[str, str], ...], version: str) -> int | None:
    found = dict(headers)
    length, coding = found.get("content-length"), found.get("transfer-encoding")
    if coding is not None:
        if length is not None:
            raise BadHead("The request has both a Content-Length and a Transfer-Encoding.")
        if coding.lower() != "chunked" or version != "1.1":
            raise BadHead("The only transfer coding that is understood is chunked.", 501)
        return None
    if length is None:
        return 0
    if not _LENGTH.fullmatch(length):
        raise BadHead("The Content-Length is not a number.")
    return int(length)


class Body:
    """The body of a request as a stream; raises BadHead for one that ends early or is framed
    wrongly."""

    def __init__(self, stream: IO[bytes], length: int | None) -> None:
        self._stream = stream
        self._chunked = length is None
        self._left = length or 0
        self._ended = length == 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that is left by default."""
        wanted = float("inf") if size is None or size < 0 else size
        parts: list[bytes] = []
        while wanted > 0 and not self._ended:
            if self._left == 0 and self._chunked:
                self._next_chunk()
                continue
            part = self._stream.read(int(min(self._left, wanted, 1 << 20)))
            if not part:
                self._ended = True
                raise BadHead("The body is shorter than the request says.")
            parts.append(part)
            self._left -= len(part)
            wanted -= len(part)
            if self._left == 0:
                self._finish()
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """Return up to and with the next line feed."""
        line = bytearray()
        while size < 0 or len(line) < size:
            byte = self.read(1)
            line += byte
            if byte in (b"", b"\n"):
                break
        return bytes(line)

    def _finish(self) -> None:
        if not self._chunked:
            self._ended = True
        elif self._stream.read(2) != b"\r\n":
            self._ended = True
            raise BadHead("A chunk does not end where it says.")

    def _next_chunk(self) -> None:
        line = self._stream.readline(4097)
        match = _CHUNK.fullmatch(line[:-2]) if line.endswith(b"\r\n") else None
        if match is None:
            self._ended = True
            raise BadHead("A chunk of the body begins without its size.")
        self._left = int(match[1], 16)
        if self._left == 0:
            self._ended = True
            # An HTTP trailer is read, so that the next request is found, and dropped.
            for _ in _headers(self._stream):
                pass
