"""Put on the path of every Python that the demo starts: writes down each connection that leaves the
loopback interface, and refuses it. (The name is Python's own for code that runs at start.)"""

import ipaddress
import os
import sys

_SINK = os.environ.get("LANDRAIL_TEST_CONNECTIONS")


def _loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _watched(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _loopback(host):
        if _SINK:
            with open(_SINK, "a") as sink:
                sink.write(f"{os.getpid()} {' '.join(sys.argv[:3])} {event} {host}\n")
        raise OSError(f"a connection to {host} leaves this machine")


def watch() -> None:
    """Refuse, in this process and for good, every connection that leaves the loopback interface."""
    sys.addaudithook(_watched)


if _SINK:
    watch()
