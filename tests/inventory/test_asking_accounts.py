"""How tables ask: pages, memory, columns that are wanted, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from landrail.inventory import Refused, Remembering, items, remembering
from landrail.inventory.ask import Once, or_none, wants
from landrail.inventory.catalogue import tables
from landrail.inventory.describing import each, is_gone, tags_of
from landrail.inventory.table import listed


class Pages:
    """Answers page after page, by a token of one name."""

    account, region = "111122223333", "eu-west-1"

    def __init__(self, said: str, asked: str, count: int = 3) -> None:
        self._said, self._asked, self._count = said, asked, count

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        page = int(parameters.get(self._asked, 0))
        more = {self._said: str(page + 1)} if page + 1 < self._count else {}
        return {"Things": [page], **more}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("NextToken", "NextToken"),
        ("nextToken", "nextToken"),
        ("NextMarker", "Marker"),
        ("Marker", "Marker"),
        ("ContinuationToken", "ContinuationToken"),
    ],
)
def test_every_page_is_read(said, asked):
    assert list(items(Pages(said, asked), "s", "List", "Things")) == [0, 1, 2]


class Refusing:
    account, region = "111122223333", "eu-west-1"

    def __init__(self, code: str) -> None:
        self.code, self.asked = code, 0

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        self.asked += 1
        raise Refused(self.code, "no")


@pytest.mark.parametrize("name", sorted(tables()))
@pytest.mark.parametrize(
    "code",
    ["NotImplemented", "UnsupportedOperation", "SubscriptionRequiredException", "AccessDenied"],
)
def test_a_service_that_cannot_be_asked_is_not_an_empty_table(name, code):
    with pytest.raises(Refused, match=code):
        list(tables()[name].rows(Refusing(code)))


def test_a_refusal_is_remembered_too():
    inner = Refusing("Gone")
    ask = Remembering(inner)
    for _ in range(3):
        assert or_none(Once(ask), "Gone", "s", "Get") is None
    assert inner.asked == 1
    with pytest.raises(Refused, match="Gone"):
        Once(ask)("s", "Get")


def test_only_the_errors_that_say_absent_are_nothing():
    with pytest.raises(Refused, match="AccessDenied"):
        or_none(Refusing("AccessDenied"), ("Gone", "NoSuch"), "s", "Get")


def test_other_columns_share_what_is_remembered():
    ask = Remembering(Pages("NextToken", "NextToken"))
    narrow = ask.wanting(["a"])
    assert (wants(ask, "b"), wants(narrow, "b"), wants(narrow, "b", "a")) == (True, False, True)
    narrow.once("s", "Get")
    ask.once("s", "Get")
    assert ask.calls == {"s:Get": 1}
    assert remembering(ask) is ask


def _rows(name: str) -> Iterator[dict[str, Any]]:
    if name.startswith("shut"):
        raise Refused("AccessDenied", "not you")
    if name.startswith("broken"):
        raise Refused("InternalError", "oh")
    yield {"resource_id": name}


def test_those_that_may_be_read_come_first_and_the_others_are_named():
    seen: list[str] = []
    ask = Pages("NextToken", "NextToken")
    with pytest.raises(Refused, match="shut1 and 1 more: not you"):
        seen.extend(row["resource_id"] for row in each(ask, ["shut1", "a", "shut2", "b"], _rows))
    assert seen == ["a", "b"]
    with pytest.raises(Refused, match="oh"):
        list(each(ask, ["a", "broken"], _rows))


class Spread(Pages):
    """Reads all at a time, from the last to the first."""

    def spread(self, read: Callable[[Any], Iterable[Any]], given: Iterable[Any]) -> Iterator[Any]:
        found = [list(read(one)) for one in reversed(list(given))]
        for some in reversed(found):
            yield from some


def test_several_are_read_at_a_time_where_that_can_be():
    ask = Remembering(Spread("NextToken", "NextToken"))
    assert [row["resource_id"] for row in each(ask, ["a", "b"], _rows)] == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "message", "gone"),
    [
        ("ResourceNotFound", "", True),
        ("ValidationException", "Could not find model", True),
        ("ValidationException", "1 validation error", False),
        ("AccessDeniedException", "does not exist", False),
    ],
)
def test_what_is_gone(code, message, gone):
    assert is_gone(Refused(code, message)) is gone


@pytest.mark.parametrize(
    "given",
    [
        [{"Key": "a", "Value": "b"}],
        [{"key": "a", "value": "b"}],
        [{"TagKey": "a", "TagValue": "b"}],
        {"a": "b"},
    ],
)
def test_tags_are_one_thing(given):
    assert tags_of(given) == {"a": "b"}


def test_several_values_in_a_column():
    assert (listed([]), listed(["b", "a", "b"])) == (",", ",a,b,")
