"""How a table asks AWS: one operation after another, in one account and region.

The audit answers by boto3 under a reader's role, the local Config service by the gateway under its
own; nothing here knows either. `Remembering` goes around either while an account is read: it asks
once what is the same for all rows, counts the calls, and knows which columns are wanted.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from threading import Lock
from typing import Any, Protocol, TypeVar, runtime_checkable

Given = TypeVar("Given")
Read = TypeVar("Read")
_TOKENS = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextMarker", "Marker"),
    ("Marker", "Marker"),
    ("ContinuationToken", "ContinuationToken"),
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


@runtime_checkable
class Spreading(Protocol):
    """An Ask that can read several things at a time."""

    def spread(
        self, read: Callable[[Given], Iterable[Read]], given: Iterable[Given]
    ) -> Iterator[Read]:
        """Yield what `read` yields for each thing, in their order."""


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


class Remembering:
    """An Ask around another, for one collection of an account and region; several threads may
    share it."""

    def __init__(self, ask: Ask, columns: Collection[str] | None = None) -> None:
        """Ask through `ask`; `columns` are those that are wanted, None for all."""
        self.inner = ask
        self.columns = columns
        self.calls: Counter[str] = Counter()
        self._answers: dict[str, dict[str, Any] | Refused] = {}
        self._guard = Lock()
        self._asking: defaultdict[str, Lock] = defaultdict(Lock)

    @property
    def account(self) -> str:
        """The account that is asked."""
        return self.inner.account

    @property
    def region(self) -> str:
        """The region that is asked."""
        return self.inner.region

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Perform an operation, and count it; raises Refused."""
        with self._guard:
            self.calls[f"{service}:{operation}"] += 1
        return self.inner(service, operation, **parameters)

    def once(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Return the answer of the first time, a refusal too."""
        question = json.dumps([service, operation, parameters], sort_keys=True, default=str)
        with self._guard:
            asking = self._asking[question]
        with asking:
            if question not in self._answers:
                try:
                    self._answers[question] = self(service, operation, **parameters)
                except Refused as error:
                    self._answers[question] = error
        answer = self._answers[question]
        if isinstance(answer, Refused):
            raise Refused(answer.code, answer.message)
        return answer

    def wanting(self, columns: Collection[str] | None) -> Remembering:
        """Return one that wants other columns and shares what is remembered and counted."""
        other = Remembering(self.inner, columns)
        other.calls, other._answers = self.calls, self._answers
        other._guard, other._asking = self._guard, self._asking
        return other


class Once:
    """An Ask that asks everything once: what is given to `items` and `or_none` for answers that
    are the same for every row."""

    def __init__(self, ask: Ask) -> None:
        """Ask through `ask`, remembering where it remembers."""
        self._ask = ask

    @property
    def account(self) -> str:
        """The account that is asked."""
        return self._ask.account

    @property
    def region(self) -> str:
        """The region that is asked."""
        return self._ask.region

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Return the answer, from memory where it is there; raises Refused."""
        if isinstance(self._ask, Remembering):
            return self._ask.once(service, operation, **parameters)
        return self._ask(service, operation, **parameters)


def spread(
    ask: Ask, read: Callable[[Given], Iterable[Read]], given: Iterable[Given]
) -> Iterator[Read]:
    """Yield what `read` yields for each thing, several at a time where the Ask can do that."""
    inner = ask.inner if isinstance(ask, Remembering) else ask
    if isinstance(inner, Spreading):
        yield from inner.spread(read, given)
    else:
        for one in given:
            yield from read(one)


def remembering(ask: Ask) -> Remembering:
    """Return an Ask that remembers: the given one where it does already."""
    return ask if isinstance(ask, Remembering) else Remembering(ask)


def wants(ask: Ask, *columns: str) -> bool:
    """Whether one of some columns is wanted; a table leaves out the calls for those that are not,
    and the columns are null then."""
    wanted = ask.columns if isinstance(ask, Remembering) else None
    return wanted is None or any(column in wanted for column in columns)
