"""A threaded HTTP/1.1 server for one WSGI application, on the loopback interface only.

Keep-alive, chunked bodies in both directions, `Expect: 100-continue`, absolute request lines (a
client that takes us for its proxy). Written here because the servers at hand close the connection
after every answer, which costs a client more than the call itself.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit

from werkzeug.serving import DechunkedInput
from werkzeug.wsgi import LimitedStream

_log = logging.getLogger(__name__)
_DRAIN = 1 << 22

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    rbufsize = 1 << 16
    timeout = 300
    server: Server

    def handle_one_request(self) -> None:
        """Answer one request of the connection."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or len(self.raw_requestline) > 65536:
                self.close_connection = True
                return
            if self.parse_request():
                self._run()
                self.wfile.flush()
        except (TimeoutError, ConnectionError):
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Send the go-ahead at once: the client waits for it before it sends the body."""
        answered = super().handle_expect_100()
        self.wfile.flush()
        return answered

    def _run(self) -> None:
        environ = self._environ()
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            started.append((status, headers))

        chunks = self.server.application(environ, start_response)
        try:
            self._answer(chunks, started)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
            self._drain(environ["wsgi.input"])

    def _answer(
        self, chunks: Iterable[bytes], started: list[tuple[str, list[tuple[str, str]]]]
    ) -> None:
        iterator = iter(chunks)
        first = next(iterator, b"")
        status, headers = started[0]
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        names = {name.lower() for name, _ in headers}
        bare = self.command == "HEAD" or int(code) in (204, 304)
        chunked = "content-length" not in names and not bare
        for name, value in headers:
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if bare:
            return
        self._send(first, chunked)
        for chunk in iterator:
            self._send(chunk, chunked)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, chunk: bytes, chunked: bool) -> None:
        if chunked and chunk:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        elif chunk:
            self.wfile.write(chunk)

    def _drain(self, body: Any) -> None:
        """What the application left of the body would be taken for the next request."""
        left = _DRAIN
        while left > 0:
            read = body.read(min(left, 1 << 16))
            if not read:
                return
            left -= len(read)
        self.close_connection = True

    def _environ(self) -> Environ:
        target = self.path
        host = self.headers.get("Host", "")
        if not target.startswith("/"):
            absolute = urlsplit(target)
            host = absolute.netloc or host
            target = absolute.path or "/"
            if absolute.query:
                target += f"?{absolute.query}"
        path, _, query = target.partition("?")
        address, port = self.server.server_address[:2]
        environ: Environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": target,
            "REQUEST_URI": target,
            "SERVER_NAME": str(address),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "HTTP_HOST": host,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": self._input(),
            "wsgi.input_terminated": True,
            "wsgi.errors": _LogStream(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "landrail.headers": [(n.lower(), v.strip()) for n, v in self.headers.items()],
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                environ[key] = value
            elif key != "HOST":
                key = f"HTTP_{key}"
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _input(self) -> Any:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return DechunkedInput(cast("IO[bytes]", self.rfile))
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = 0
            self.close_connection = True
        return LimitedStream(cast("IO[bytes]", self.rfile), length)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the trail has every call."""


class _LogStream:
    def write(self, text: str) -> None:
        if text.strip():
            _log.warning("%s", text.rstrip())

    def flush(self) -> None:
        """Nothing is buffered."""


class Server(ThreadingHTTPServer):
    """The server; `application` may be set after it is bound, before `serve_forever`."""

    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True
    application: Application

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port that it is bound to."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking the resolver for a name of the host."""
        socket_server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong with a connection; others go on."""
        del request
        _log.exception("connection of %s failed", client_address)


def socket_server_bind(server: Server) -> None:
    """What `http.server` does at bind, without its reverse look-up, which may go to the network."""
    server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.socket.bind(server.server_address)
    server.server_address = server.socket.getsockname()
    server.server_name, server.server_port = "127.0.0.1", server.server_address[1]
