"""The inventory of many accounts: every table of every account, in parallel, row by row.

Each account is entered by its reader role; one that has none, because it is not of the platform, by
the role that Organizations made there. At most a few tables of one account are read at a time, so
that no account's limits are met while others wait. What cannot be read is yielded by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from landrail.aws.asking import Asking
from landrail.aws.entering import Entrances, NoEntry
from landrail.aws.errors import message
from landrail.inventory import Realm, Refused, Remembering, Row, Table

_AT_A_TIME = 4
"""Tables that are read at a time in one account."""
_UNEXPECTED = (AttributeError, LookupError, TypeError, ValueError)
"""What an answer raises that lacks what AWS documents: one table is not looked at then, by name."""
EVERYTHING = EVERY_TABLE = "*"
"""All tables of an account, or all resources of a table."""


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """What was not looked at: a table of an account and region, or all of it, and AWS's reason;
    where there are `columns`, nothing but these, where there is a `resource`, of it alone."""

    account_id: str
    region: str
    table: str
    reason: str
    columns: tuple[str, ...] = ()
    resource: str = EVERYTHING

    @property
    def what(self) -> str:
        """What it is, in words, without whose and of which resource."""
        table = "everything" if self.table == EVERYTHING else self.table
        return f"{', '.join(self.columns)} of {table}" if self.columns else table

    @property
    def is_whole(self) -> bool:
        """Whether a whole table was not looked at, or more."""
        return not self.columns and self.resource == EVERYTHING


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: an account and a region; `first` marks the region that global tables are read
    in."""

    account_id: str
    region: str
    first: bool = True


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of the work, from any thread: rows as they come, what was not read, and each table
    of an account when it is done."""

    rows: Callable[[Table, Sequence[Row]], None]
    unread: Callable[[Unread], None]
    done: Callable[[Place, str], None]


def collect(
    entrances: Entrances,
    realm: Realm,
    places: Iterable[Place],
    tables: Mapping[Table, Collection[str] | None],
    listener: Listener,
) -> None:
    """Read every table of every place, of each the columns that are wanted (None for all); `realm`
    is the organization. Tells the listener all there is."""
    parallel = entrances.connection.parallel
    with (
        ThreadPoolExecutor(parallel, thread_name_prefix="enter") as entering,
        ThreadPoolExecutor(parallel, thread_name_prefix="item") as items,
        ThreadPoolExecutor(max(2, parallel // 2), thread_name_prefix="table") as reading,
        ExitStack() as stack,
    ):
        stack.callback(reading.shutdown, cancel_futures=True)
        entered = [
            account
            for account in entering.map(
                lambda place: _entered(entrances, realm, place, items, listener), places
            )
            if account is not None
        ]
        # Table by table over all accounts, so that neighbours in the queue are of different ones.
        work = [
            reading.submit(account.read, table, columns, listener)
            for table, columns in tables.items()
            for account in entered
            if account.place.first or not table.is_global
        ]
        for one in work:
            one.result()


class _Account:
    def __init__(self, place: Place, ask: Remembering) -> None:
        self.place = place
        self._ask = ask
        self._room = threading.BoundedSemaphore(_AT_A_TIME)

    def read(self, table: Table, columns: Collection[str] | None, listener: Listener) -> None:
        with self._room:
            found: list[Row] = []
            try:
                for row in table.rows(self._ask, columns=columns):
                    found.append(row)
            except (Refused, *_UNEXPECTED) as error:
                where = (self.place.account_id, self.place.region, table.name)
                listener.unread(Unread(*where, _reason(error)))
            listener.rows(table, found)
            listener.done(self.place, table.name)


def _entered(
    entrances: Entrances,
    realm: Realm,
    place: Place,
    items: ThreadPoolExecutor,
    listener: Listener,
) -> _Account | None:
    try:
        who = entrances.reader(place.account_id)
    except NoEntry as error:
        listener.unread(Unread(place.account_id, place.region, EVERY_TABLE, str(error)))
        return None
    except (ClientError, BotoCoreError) as error:
        listener.unread(Unread(place.account_id, place.region, EVERY_TABLE, message(error)))
        return None
    ask = Asking(entrances.connection, who, place.account_id, place.region, realm, items)
    return _Account(place, Remembering(ask))


def _reason(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    return f"an answer was not as AWS documents it ({type(error).__name__}: {error})"
