"""EventBridge delivery through its public door, and patterns as AWS documents them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, listening_queue, until

EVENT = {
    "id": "1",
    "account": "111122223333",
    "source": "shop.orders",
    "time": "2026-01-01T00:00:00Z",
    "region": REGION,
    "resources": ["arn:aws:a", "arn:aws:b"],
    "detail-type": "Order Placed",
    "detail": {
        "state": "Running",
        "price": 12.5,
        "count": 0,
        "paid": True,
        "note": None,
        "lines": [{"sku": "apple"}, {"sku": "pear"}],
        "ip": "10.0.0.7",
    },
}
MATCHING: list[dict[str, Any]] = [
    {"source": ["shop.orders"]},
    {"source": ["other", {"prefix": "shop."}]},
    {"resources": ["arn:aws:b"]},
    {"detail": {"state": [{"equals-ignore-case": "running"}]}},
    {"detail": {"state": [{"prefix": {"equals-ignore-case": "rUN"}}]}},
    {"detail": {"state": [{"suffix": "ing"}]}},
    {"detail": {"state": [{"wildcard": "R*n*g"}]}},
    {"detail": {"state": [{"anything-but": ["Stopped", "Failed"]}]}},
    {"detail": {"state": [{"anything-but": {"prefix": "Stop"}}]}},
    {"detail": {"state": [{"anything-but": {"wildcard": "*x*"}}]}},
    {"detail": {"price": [{"numeric": [">", 10, "<=", 12.5]}]}},
    {"detail": {"count": [0]}},
    {"detail": {"paid": [True]}},
    {"detail": {"note": [None]}},
    {"detail": {"absent": [{"exists": False}], "state": [{"exists": True}]}},
    {"detail": {"lines": {"sku": ["pear"]}}},
    {"detail": {"ip": [{"cidr": "10.0.0.0/24"}]}},
    {"detail": {"$or": [{"state": ["Stopped"]}, {"price": [{"numeric": ["=", 12.5]}]}]}},
]
OTHERS: list[dict[str, Any]] = [
    {"source": ["shop"]},
    {"detail": {"state": ["running"]}},
    {"detail": {"state": [{"anything-but": "Running"}]}},
    {"detail": {"absent": [{"anything-but": "x"}]}},
    {"detail": {"price": [{"numeric": [">", 12.5]}]}},
    {"detail": {"count": [False]}},
    {"detail": {"state": [{"exists": False}]}},
    {"detail": {"lines": {"sku": ["plum"]}}},
    {"detail": {"$or": [{"state": ["Stopped"]}, {"price": [1]}]}},
    {"source": ["shop.orders"], "account": ["999999999999"]},
]
WRONG: list[Any] = [
    {},
    {"source": "shop"},
    {"source": []},
    {"detail": {"price": [{"numeric": [">"]}]}},
    {"detail": {"state": [{"starts": "R"}]}},
    {"detail": {"state": [{"exists": "yes"}]}},
    {"detail": {"$or": [{"state": ["x"]}]}},
]


def _test(person: Person, pattern: Any) -> bool:
    answer = person.client("events").test_event_pattern(
        EventPattern=json.dumps(pattern), Event=json.dumps(EVENT)
    )
    return bool(answer["Result"])


@pytest.mark.parametrize("pattern", MATCHING, ids=json.dumps)
def test_patterns_that_match(person: Person, pattern: dict[str, Any]) -> None:
    assert _test(person, pattern)


@pytest.mark.parametrize("pattern", OTHERS, ids=json.dumps)
def test_patterns_that_do_not(person: Person, pattern: dict[str, Any]) -> None:
    assert not _test(person, pattern)


@pytest.mark.parametrize("pattern", WRONG, ids=json.dumps)
def test_patterns_that_are_none(person: Person, pattern: Any) -> None:
    with pytest.raises(ClientError) as caught:
        _test(person, pattern)
    assert caught.value.response["Error"]["Code"] == "InvalidEventPatternException"


def _put(person: Person, source: str, detail: dict[str, Any]) -> dict[str, Any]:
    entry = {"Source": source, "DetailType": "Thing", "Detail": json.dumps(detail)}
    answer: dict[str, Any] = person.client("events").put_events(Entries=[entry])
    return answer


def test_an_event_reaches_a_queue_shaped(
    person: Person, account: str, unique: Callable[[str], str]
) -> None:
    name = unique("queue")
    sqs, events = person.client("sqs"), person.client("events")
    url, arn = listening_queue(person, account, name)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    template = {
        "InputPathsMap": {"who": "$.detail.who", "all": "$.detail"},
        "InputTemplate": '{"text": "it was <who>", "detail": <all>}',
    }
    nothing = {"Id": "a", "Arn": f"arn:aws:sqs:{REGION}:{account}"}
    targets = [nothing, {"Id": "q", "Arn": arn, "InputTransformer": template}]
    events.put_targets(Rule=name, Targets=targets)
    answer = _put(person, name, {"who": "ana", "n": 1})
    assert answer["FailedEntryCount"] == 0

    def message() -> str | None:
        found = sqs.receive_message(QueueUrl=url).get("Messages")
        return found[0]["Body"] if found else None

    assert json.loads(until(message)) == {
        "text": "it was ana",
        "detail": {"who": "ana", "n": 1},
    }


def test_events_meet_the_rules_that_were_there_before_them(
    person: Person, account: str, unique: Callable[[str], str]
) -> None:
    name = unique("order")
    sqs, events = person.client("sqs"), person.client("events")
    url, arn = listening_queue(person, account, name)
    wanted = {f"{name}-{number}" for number in range(25)}
    for source in sorted(wanted):
        events.put_rule(Name=source, EventPattern=json.dumps({"source": [source]}))
        events.put_targets(Rule=source, Targets=[{"Id": "q", "Arn": arn, "InputPath": "$.source"}])
        assert _put(person, source, {"n": 1})["FailedEntryCount"] == 0
    seen: set[str] = set()

    def all_of_them() -> bool:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            seen.add(json.loads(message["Body"]))
        return seen == wanted

    assert until(all_of_them)


def test_nobody_else_speaks_for_aws(person: Person) -> None:
    answer = _put(person, "aws.codecommit", {"a": 1})
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert answer["FailedEntryCount"] == 1
