"""Ways to servers stay open, lose nothing when they are closed, and read what servers answer."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from landrail.localaws.runtimes.lines import Gone, Line, Lines, TimedOut, Unreachable, ask

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def server(answer: Callable[[socket.socket, int], None]) -> Iterator[tuple[int, list[int]]]:
    """A server that hands each connection and its number to `answer`; its port, and the numbers of
    connections that came."""
    listener = socket.create_server(("127.0.0.1", 0))
    came: list[int] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            came.append(len(came))
            threading.Thread(target=serve, args=(connection, came[-1]), daemon=True).start()

    def serve(connection: socket.socket, number: int) -> None:
        with connection:
            answer(connection, number)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], came
    finally:
        listener.close()


def read(connection: socket.socket) -> bytes:
    """One request, body and all; nothing where the client has hung up."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def always(*pieces: bytes) -> Callable[[socket.socket, int], None]:
    def answer(connection: socket.socket, _: int) -> None:
        while read(connection):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.01)

    return answer


def post(line: Line, body: bytes = b"x", timeout: float = 5.0) -> tuple[int, bytes]:
    reply = line.ask("POST", "/invocations", {"Content-Type": "text/plain"}, body, timeout)
    return reply.status, reply.body


def test_one_connection_serves_many_requests():
    with server(always(OK)) as (port, came):
        line = Line(port)
        assert [post(line, b"x" * 100_000) for _ in range(5)] == [(200, b"ok")] * 5
        assert came == [0]
        line.close()


@pytest.mark.parametrize(
    ("pieces", "body", "connections"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-", b"Length: 4\r\n\r\nab", b"cd"), b"abcd", 1),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nab",
             b"c\r\n1\r\nd\r\n0\r\n\r\n"),
            b"abcd",
            1,
        ),
        ((b"HTTP/1.1 100 Continue\r\n\r\n" + OK,), b"ok", 1),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), b"", 1),
        ((b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na",), b"a", 2),
        ((b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",), b"a", 2),
    ],
)  # fmt: skip
def test_answers_are_read_to_their_end(pieces, body, connections):
    with server(always(*pieces)) as (port, came):
        line = Line(port)
        assert [post(line)[1] for _ in range(2)] == [body, body]
        assert len(came) == connections
        line.close()


def test_an_answer_without_a_length_ends_with_the_connection():
    def answer(connection: socket.socket, _: int) -> None:
        read(connection)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nabc")

    with server(answer) as (port, _):
        assert ask(port, "POST", "/", {}, b"", 5.0).body == b"abc"


def test_a_connection_that_the_server_has_closed_meanwhile_is_opened_again():
    def answer(connection: socket.socket, _: int) -> None:
        read(connection)
        connection.sendall(OK)

    with server(answer) as (port, came):
        line = Line(port)
        for _ in range(3):
            assert post(line) == (200, b"ok")
            time.sleep(0.02)
        assert came == [0, 1, 2]
        line.close()


@pytest.mark.parametrize(
    "pieces",
    [
        (b"SSH-2.0 nothing for you\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,),
    ],
)
def test_what_is_not_an_answer_is_unreachable(pieces):
    with server(always(*pieces)) as (port, _):
        line = Line(port)
        with pytest.raises(Unreachable):
            post(line)
        assert line.under_way == 0


def test_an_answer_that_breaks_off_or_never_ends_is_unreachable():
    def answer(connection: socket.socket, number: int) -> None:
        read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab")
        with contextlib.suppress(OSError):
            for _ in range(100 * number):
                time.sleep(0.05)
                connection.sendall(b"c")

    with server(answer) as (port, _):
        line = Line(port)
        with pytest.raises(Unreachable, match="broke off"):
            post(line, timeout=0.3)
        with pytest.raises(TimedOut):
            post(line, timeout=0.3)


def test_nobody_there_means_that_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Gone):
        post(Line(port))


def test_a_header_cannot_carry_another_one():
    with server(always(OK)) as (port, _), pytest.raises(Unreachable, match="Accept"):
        Line(port).ask("POST", "/", {"Accept": "a\r\nX-Other: b"}, b"", 5.0)


def test_closing_waits_for_what_is_under_way_and_lets_nothing_new_in():
    answered = threading.Event()

    def answer(connection: socket.socket, _: int) -> None:
        read(connection)
        answered.wait(5)
        connection.sendall(OK)

    with server(answer) as (port, _):
        lines = Lines()
        name = lines.open(port)
        line = lines.get(name)
        assert line is not None
        got: list[tuple[int, bytes]] = []
        asking = threading.Thread(target=lambda: got.append(post(line)))
        asking.start()
        while not line.under_way:
            time.sleep(0.01)
        assert lines.close(name, 0.05) is False
        with pytest.raises(Gone):
            post(line)
        assert lines.get(name) is None
        answered.set()
        assert line.close(5.0) is True
        asking.join()
        assert got == [(200, b"ok")]
