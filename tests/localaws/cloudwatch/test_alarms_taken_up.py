"""Alarms that were put and not looked at yet when the server ended are looked at by the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watched import until

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudwatch.alarms.book import Book, Key
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.alarms.watching import Watch
from landrail.localaws.services.cloudwatch.series import Series
from landrail.localaws.store import Tables


class NoBus:
    """A platform that takes no events."""

    def call(self, *_: Any, **__: Any) -> dict[str, Any]:
        raise ApiError("ServiceUnavailable", "There is no bus.", 503)


def key(name: str) -> Key:
    return Key("111122223333", "eu-west-1", name)


def put(book: Book, name: str, rule: str) -> None:
    """What a call to PutCompositeAlarm leaves, if the server ends before the watcher's turn."""
    actions = {"ALARMActions": [], "OKActions": [], "InsufficientDataActions": []}
    settings = {"AlarmName": name, "AlarmRule": rule, "ActionsEnabled": False, **actions}
    book.configure(key(name), "CompositeAlarm", settings, {})


@contextmanager
def server(state: Path, *, watching: bool) -> Iterator[Callable[[], Book]]:
    """The alarms of a server over a state folder; its watcher may never come to its turn."""
    tables = Tables(state / "tables.sqlite")
    book = Book(tables)
    book.start()
    platform: Any = NoBus()
    watch = Watch(platform, book, Series(tables), History(tables))
    if watching:
        watch.start()
    try:
        yield lambda: book
    finally:
        watch.stop()
        tables.close()


def states(book: Book) -> dict[str, str]:
    return {each.name: str(record["state"]["value"]) for each, record in book.all()}


def test_what_was_put_last_is_looked_at_after_a_restart(tmp_path: Path) -> None:
    with server(tmp_path, watching=True) as book:
        put(book(), "changed", "FALSE")
        put(book(), "by-hand", "FALSE")
        until(lambda: set(states(book()).values()) == {"OK"})
    with server(tmp_path, watching=False) as book:
        put(book(), "changed", "TRUE")
        put(book(), "new", 'ALARM("changed")')
        put(book(), "above", 'ALARM("new") AND ALARM("changed")')
        book().enter(key("by-hand"), "ALARM", "for now", "", by_hand=True)
        put(book(), "then-by-hand", "FALSE")
        book().enter(key("then-by-hand"), "ALARM", "for now", "", by_hand=True)
        assert states(book())["changed"] == "OK"
    wanted = dict.fromkeys(("above", "by-hand", "changed", "new", "then-by-hand"), "ALARM")
    for _ in range(2):
        # The last to be looked at is the one above: those that were set by hand had their turn.
        with server(tmp_path, watching=True) as book:
            until(lambda: states(book())["above"] == "ALARM")
            assert states(book()) == wanted
    with server(tmp_path, watching=False) as book:
        assert not any(record["untold"] for _, record in book().all())
