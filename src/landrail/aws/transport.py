"""One HTTP exchange with a registry: its authorization, redirects, and where it really is.

On AWS the registry is its own host, by https. On the local AWS every registry is the same server,
which tells them apart by the `Host` header.
"""

from __future__ import annotations

import http.client
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from landrail.images import ImageError

_REDIRECTS = (301, 302, 303, 307, 308)
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, media type, the `Location` it names, and its body."""

    status: int
    kind: str
    location: str
    body: bytes = field(repr=False)


class Transport:
    """Exchanges with one registry host."""

    def __init__(self, host: str, authorization: str, endpoint: str) -> None:
        """`endpoint` is that of the session: a loopback address means the local AWS."""
        self._host = host
        self._authorization = authorization
        place = urlsplit(endpoint)
        self._local = place if place.hostname in ("127.0.0.1", "localhost", "::1") else None

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """Make one exchange; a redirected download is followed without the authorization."""
        target = urlsplit(path if "://" in path else f"https://{self._host}{path}")
        answer = self._exchange(method, target, headers, body)
        for _ in range(5):
            if method not in ("GET", "HEAD") or answer.status not in _REDIRECTS:
                return answer
            target = urlsplit(answer.location)
            if not target.hostname:
                target = urlsplit(f"https://{self._host}{answer.location}")
            answer = self._exchange(method, target, headers, None)
        raise ImageError(f"{self._host} redirects without end")

    def _exchange(
        self, method: str, target: SplitResult, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        # Another host (the store behind a redirect) is not shown the registry's authorization.
        own = target.netloc in (self._host, self._local.netloc if self._local else self._host)
        words = {**headers, "Host": self._host if own else target.netloc}
        if own:
            words["Authorization"] = self._authorization
        words["Content-Length"] = str(len(body or b""))
        path = target.path + (f"?{target.query}" if target.query else "")
        connection = self._connection(target)
        try:
            connection.request(method, path, body, words)
            answer = connection.getresponse()
            return Answer(
                answer.status,
                answer.headers.get_content_type(),
                answer.headers.get("Location", ""),
                answer.read(),
            )
        except (OSError, http.client.HTTPException) as error:
            raise ImageError(f"cannot reach the registry {target.netloc}: {error}") from error
        finally:
            connection.close()

    def _connection(self, target: SplitResult) -> http.client.HTTPConnection:
        if self._local is not None:
            return http.client.HTTPConnection(
                self._local.hostname or "", self._local.port or 80, timeout=_SECONDS
            )
        if target.scheme != "https":
            raise ImageError(f"{target.netloc} would be spoken to without encryption")
        # As boto3's own connections do: a bundle and a proxy of the environment are honoured.
        context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
        port = target.port or 443
        proxy = getproxies().get("https")
        if proxy is None or proxy_bypass(target.hostname or ""):
            return http.client.HTTPSConnection(
                target.hostname or "", port, timeout=_SECONDS, context=context
            )
        place = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        tunnel = http.client.HTTPSConnection(
            place.hostname or "", place.port or 80, timeout=_SECONDS, context=context
        )
        tunnel.set_tunnel(target.hostname or "", port)
        return tunnel


def join(location: str, query: str) -> str:
    """Add a query to a location that may have one."""
    return location + ("&" if "?" in location else "?") + query
