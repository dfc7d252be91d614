"""How a push is told that it was denied: in git's own report, so that git shows the reason.

An answer with HTTP 403 after the client has sent its pack would be shown as a broken connection.
Source: git's pack protocol, "Report Status", and "side-band".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from werkzeug.wrappers import Response

from landrail.localaws.services.codecommit.push import RefUpdate

REPORTS = frozenset({"report-status", "report-status-v2"})
_MOST = 65_515
_FLUSH = b"0000"
_REPORT, _WORDS = b"\1", b"\2"


def abilities(body: BinaryIO) -> frozenset[str]:
    """Return what the client of a push can take, from its first line; `body` is rewound."""
    body.seek(0)
    head = body.read(4)
    try:
        line = body.read(max(int(head, 16) - 4, 0))
    except ValueError:
        line = b""
    body.seek(0)
    return frozenset(line.partition(b"\0")[2].decode("utf-8", "replace").split())


def rejected(updates: Sequence[RefUpdate], able: frozenset[str], why: str) -> Response:
    """Return the report that none of the refs was moved, and why."""
    aside = "side-band-64k" in able
    reason = "access denied" if aside else " ".join(why.split())
    lines = ["unpack ok", *(f"ng {update.name} {reason}" for update in updates)]
    report = b"".join(_packet(f"{line}\n".encode()) for line in lines) + _FLUSH
    if aside:
        words = _packet(_WORDS + f"{why}\n".encode()[:_MOST])
        report = words + b"".join(_pieces(report)) + _FLUSH
    return Response(
        report,
        mimetype="application/x-git-receive-pack-result",
        headers={"Cache-Control": "no-cache"},
    )


def _pieces(report: bytes) -> Iterator[bytes]:
    for start in range(0, len(report), _MOST):
        yield _packet(_REPORT + report[start : start + _MOST])


def _packet(content: bytes) -> bytes:
    return b"%04x%b" % (len(content) + 4, content)
