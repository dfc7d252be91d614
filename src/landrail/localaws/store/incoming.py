"""One HTTP request of the AWS protocols, as read from the wire and before anybody trusts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request: `path` and `query` as sent (percent-encoded), header names in lower case."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: header names as they are to be sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes
