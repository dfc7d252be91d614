"""How a table asks AWS: one operation after another, in one account and region.

The audit answers by boto3 under a reader's role, the local Config service by the gateway under its
own; nothing here knows either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextMarker", "Marker"),
    ("Marker", "Marker"),
)
"""Where AWS's answers say that more follows, and the parameter that asks for it."""


class Refused(Exception):
    """AWS's answer was an error, by its code: `AccessDenied`, `NoSuchBucketPolicy`."""

    def __init__(self, code: str, message: str) -> None:
        """Keep AWS's code and message."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Ask(Protocol):
    """One account and region that can be asked; raises Refused where AWS answers an error."""

    @property
    def account(self) -> str:
        """The account that is asked."""

    @property
    def region(self) -> str:
        """The region that is asked."""

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Perform an operation (boto3's name of the service, the API's of the operation)."""


def items(
    ask: Ask, service: str, operation: str, member: str, /, **parameters: Any
) -> Iterator[Any]:
    """Yield every item of a list operation, page after page; raises Refused."""
    while True:
        answer = ask(service, operation, **parameters)
        yield from answer.get(member) or ()
        more = next(((asked, answer[said]) for said, asked in _TOKENS if answer.get(said)), None)
        if more is None or answer.get("IsTruncated") is False:
            return
        parameters[more[0]] = more[1]


def or_none(
    ask: Ask, absent: str | tuple[str, ...], service: str, operation: str, /, **parameters: Any
) -> dict[str, Any] | None:
    """Return the answer, or None where AWS says by one of the codes `absent` that there is none;
    raises Refused for every other error."""
    try:
        return ask(service, operation, **parameters)
    except Refused as error:
        if error.code in ((absent,) if isinstance(absent, str) else absent):
            return None
        raise
