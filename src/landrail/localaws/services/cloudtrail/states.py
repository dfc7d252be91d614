"""How far each trail has delivered: durable, so that a kill neither loses nor doubles an event.

A trail has ranges of the gate's trail to deliver, one for each time it logged; a batch is written
down before its first file is, and crossed out after its last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from landrail.localaws.store import Tables

_DIGEST_EVERY = 3600.0


@dataclass(frozen=True, slots=True)
class State:
    """One trail. `ranges` are places [from, to], an open end is None; `closing` is the request that
    stopped it, whose own event is the last; `pending` is the batch that was begun: its end and the
    time in its files' names. Times are seconds since the epoch."""

    account: str
    region: str
    name: str
    ranges: tuple[tuple[int, int | None], ...] = ()
    closing: str = ""
    pending: tuple[int, float] | None = None
    attempted: float | None = None
    delivered: float | None = None
    error: str = ""
    digested: float | None = None
    digest_error: str = ""
    digest_since: float = field(default=0.0)

    @property
    def arn(self) -> str:
        """The trail's ARN."""
        return f"arn:aws:cloudtrail:{self.region}:{self.account}:trail/{self.name}"

    def due(self, now: float) -> bool:
        """Say whether an hour has passed since the last digest files, while it logs."""
        return bool(self.ranges) and now - self.digest_since >= _DIGEST_EVERY


class States:
    """The states of all trails."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("cloudtrail.trails")

    def all(self) -> Iterator[State]:
        """Yield every trail."""
        return (_state(value) for _, value in self._table.scan())

    def get(self, account: str, region: str, name: str) -> State | None:
        """Return a trail's state, if it ever was one."""
        value = self._table.get(account, region, name)
        return None if value is None else _state(value)

    def put(self, state: State) -> None:
        """Keep a state."""
        self._table.put(state.account, state.region, state.name, value=asdict(state))

    def change(self, state: State, change: Callable[[State], State]) -> State:
        """Change what is kept of a trail; it begins with `state`."""

        def changed(value: Any) -> Any:
            return asdict(change(state if value is None else _state(value)))

        key = (state.account, state.region, state.name)
        return _state(self._table.update(*key, change=changed))

    def set(self, state: State, **values: Any) -> State:
        """Set single values of what is kept, if it still is."""
        if self.get(state.account, state.region, state.name) is None:
            return replace(state, **values)
        return self.change(state, lambda kept: replace(kept, **values))

    def delete(self, account: str, region: str, name: str) -> None:
        """Forget a trail."""
        self._table.delete(account, region, name)


def _state(value: Mapping[str, Any]) -> State:
    ranges = tuple((start, end) for start, end in value["ranges"])
    pending = value["pending"]
    return State(**{**value, "ranges": ranges, "pending": tuple(pending) if pending else None})
