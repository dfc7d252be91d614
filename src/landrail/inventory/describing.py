"""How most tables are read: a list operation names the resources, a describe operation tells of
each. Tables differ in the names of both and in what they make of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from landrail.inventory.ask import Ask, Refused, items, spread, wants
from landrail.inventory.table import Row

T = TypeVar("T")
_GONE = (
    *("ResourceNotFound", "ResourceNotFoundException", "NotFoundException", "NoSuchEntity"),
    *("EntityNotFoundException", "RepositoryNotFoundException", "NotFound"),
)
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")
_GONE_WORDS = ("could not find", "does not exist", "not found", "cannot find")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Reading by a list and a describe operation: `member` of the list's answer holds the
    resources, `name` their member that `describe` takes as `parameter`; `row` makes the row of a
    description; `name_of` turns a resource id back into what `describe` takes; `narrow` are
    parameters of the list."""

    service: str
    list: str
    member: str
    name: str
    describe: str
    parameter: str = ""
    row: Callable[[Ask, Mapping[str, Any]], Row]
    name_of: Callable[[str], str] = str
    narrow: Mapping[str, Any] | None = None

    def collect(self, ask: Ask) -> Iterator[Row]:
        """Yield the rows of all; raises Refused."""
        found = items(ask, self.service, self.list, self.member, **(self.narrow or {}))
        names = (entry[self.name] for entry in found)
        yield from each(ask, names, lambda name: self._row(ask, name))

    def one(self, ask: Ask, resource_id: str) -> Iterator[Row]:
        """Yield the row of one, or nothing where it is gone; raises Refused."""
        yield from self._row(ask, self.name_of(resource_id))

    def _row(self, ask: Ask, name: str) -> Iterator[Row]:
        with_name = {self.parameter or self.name: name}
        try:
            yield self.row(ask, ask(self.service, self.describe, **with_name))
        except Refused as error:
            if not is_gone(error):
                raise


def each(ask: Ask, names: Iterable[T], read: Callable[[T], Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of all that may be read, then raise Refused where some may not: one resource
    whose own policy shuts the reader out does not hide the others, nor itself."""
    refused: list[tuple[T, Refused]] = []

    def attempt(name: T) -> Iterator[tuple[T, list[Row], Refused | None]]:
        try:
            yield name, list(read(name)), None
        except Refused as error:
            if error.code not in _DENIED:
                raise
            yield name, [], error

    for name, rows, why_not in spread(ask, attempt, names):
        yield from rows
        if why_not is not None:
            refused.append((name, why_not))
    if refused:
        (first, why), more = refused[0], len(refused) - 1
        others = f" and {more} more" if more else ""
        raise Refused(why.code, f"{first}{others}: {why.message}")


def is_gone(error: Refused) -> bool:
    """Whether a service says that what it was asked for is not there (any more)."""
    if error.code == "ValidationException":
        return any(words in error.message.lower() for words in _GONE_WORDS)
    return error.code in _GONE


def last(arn: str) -> str:
    """Return the name at the end of an ARN."""
    return arn.rsplit("/", 1)[-1]


def tags_of(entries: Iterable[Mapping[str, str]] | Mapping[str, str] | None) -> dict[str, str]:
    """Return tags, as any service lists them, as an object."""
    if entries is None:
        return {}
    if isinstance(entries, Mapping):
        return dict(entries)
    return {
        entry.get("Key") or entry.get("key") or entry.get("TagKey") or "": entry.get("Value")
        or entry.get("value")
        or entry.get("TagValue")
        or ""
        for entry in entries
    }


def told_tags(ask: Ask, service: str, operation: str, member: str, /, **which: str) -> Any:
    """Return the tags that an operation of their own tells, None where they are not wanted."""
    if not wants(ask, "tags", "tag_keys"):
        return None
    return tags_of(ask(service, operation, **which).get(member))


def plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description without what belongs to the answer alone."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
