"""moto's request objects, made without the detour through a builder where nothing needs encoding.

moto builds them by werkzeug's builder for tests, which costs more than reading the request. Most
requests have a plain path and query; for these the environment is written down directly. All
others go moto's way.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping
from typing import Any

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, Request

_PLAIN = re.compile(
    r"https://(?P<host>[a-z0-9.-]+)(?::(?P<port>[0-9]+))?"
    r"(?P<path>/(?:[A-Za-z0-9_.-][A-Za-z0-9_./-]*)?)(?:\?(?P<query>[A-Za-z0-9_.=&-]*))?"
)
_ODD = re.compile(r"[^ -~]")


def request(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Return moto's request; the same as `Request.from_primitives` makes."""
    match = _PLAIN.fullmatch(url)
    if match is None or not _plain(headers, body):
        return Request.from_primitives(method, url, headers, body)
    return Request(_environ(method, match, headers, body))


def _plain(headers: Mapping[str, str], body: bytes) -> bool:
    for name, value in headers.items():
        if "_" in name or _ODD.search(value):
            return False
        if not body and name.lower() in ("content-length", "content-type"):
            # What an empty body's length and form are is the builder's to say.
            return False
    return True


def _environ(
    method: str, match: re.Match[str], headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    host, port, path = match["host"], match["port"], match["path"]
    sent: dict[str, str] = {}
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            sent[key] = f"{sent[key]}, {value}" if key in sent else value
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": match["query"] or "",
        "REQUEST_URI": path,
        "RAW_URI": path,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "443",
        "HTTP_HOST": f"{host}:{port}" if port else host,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **sent,
        "CONTENT_LENGTH": str(len(body)),
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {},
    }
