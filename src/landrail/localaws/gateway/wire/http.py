"""A threaded HTTP/1.1 server for one WSGI application, on the loopback interface only.

Keep-alive, chunked bodies in both directions, `Expect: 100-continue`, absolute request lines (a
client that takes us for its proxy). Written here because the servers at hand close the connection
after every answer, which costs a client more than the call itself. What a request says of itself
is read by `head`, strictly: one that could be read in two ways is answered 400, and the connection
ends.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit

from landrail.localaws.gateway.wire.head import BadHead, Body, Head, check_host, read_head
from landrail.localaws.gateway.wire.hosts import for_us

_log = logging.getLogger(__name__)
_NO_TUNNELS = (
    "The local AWS speaks HTTP and gives no way to HTTPS: call http:// names through it as "
    "http_proxy, and set no https_proxy."
)
_NOT_FOR_US = "The local AWS is a proxy for AWS's own names, and {host} is none of them."
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
        self.close_connection = True
        try:
            head = read_head(cast("IO[bytes]", self.rfile))
            if head is None:
                return
            self.command, self.path = head.method, head.target
            self.request_version = f"HTTP/{head.version}"
            options = {word.strip() for word in head.get("connection").lower().split(",")}
            self.close_connection = head.version != "1.1" or "close" in options
            if head.get("expect"):
                self._go_ahead(head)
            self._run(head)
            self.wfile.flush()
        except BadHead as error:
            self._turn_away(error)
        except TimeoutError:
            self._turn_away(BadHead("The request did not come to its end in time.", 408))
        except ConnectionError:
            self.close_connection = True

    def _go_ahead(self, head: Head) -> None:
        """Send the go-ahead at once: the client waits for it before it sends the body."""
        if head.get("expect").lower() != "100-continue":
            raise BadHead("The only expectation that is understood is 100-continue.", 417)
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.wfile.flush()

    def _turn_away(self, error: BadHead) -> None:
        """Answer what is not HTTP, as far as anybody listens, and hang up."""
        self.close_connection = True
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>BadRequest</Code>'
            f"<Message>{error.message}</Message></Error>"
        ).encode()
        try:
            self.request_version = "HTTP/1.1"
            self.send_response_only(error.status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            # Nobody is there any more.
            return

    def _run(self, head: Head) -> None:
        environ = self._environ(head)
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
        try:
            while left > 0:
                read = body.read(min(left, 1 << 16))
                if not read:
                    return
                left -= len(read)
        except (BadHead, TimeoutError):
            # The request has been answered; of its rest nothing can be told.
            pass
        self.close_connection = True

    def _environ(self, head: Head) -> Environ:
        target, host = _target(head)
        path, _, query = target.partition("?")
        address, port = self.server.server_address[:2]
        environ: Environ = {
            "REQUEST_METHOD": head.method,
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
            "wsgi.input": Body(cast("IO[bytes]", self.rfile), head.length),
            "wsgi.input_terminated": True,
            "wsgi.errors": _LogStream(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "landrail.headers": list(head.headers),
        }
        for name, value in head.headers:
            if "_" in name:
                if name == "x-amz-sso_bearer_token":
                    environ["landrail.bearer"] = value
                continue
            key = name.upper().replace("-", "_")
            if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                environ[key] = value
            elif key != "HOST":
                key = f"HTTP_{key}"
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the trail has every call."""


def _target(head: Head) -> tuple[str, str]:
    """Return the path with its query, and the host; raises BadHead. Of a request that is sent to
    us as to a proxy, the host is the one in its line, as for any server."""
    target, host = head.target, head.get("host")
    if head.method == "CONNECT":
        raise BadHead(_NO_TUNNELS, 405)
    if head.method == "CONNECT":
        raise BadHead("The local AWS is no tunnel for https: reach it by http:// addresses.", 405)
    if not target.startswith("/"):
        absolute = urlsplit(target)
        if absolute.scheme not in ("http", "https") or not absolute.netloc or absolute.fragment:
            raise BadHead("The request line names neither a path nor a URL.")
        host = absolute.netloc
        check_host(host)
        if not for_us(host):
            raise BadHead(_NOT_FOR_US.format(host=host), 403)
        target = absolute.path or "/"
        if absolute.query:
            target += f"?{absolute.query}"
    if "#" in target:
        raise BadHead("The request line has a fragment.")
    return target, host


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
