"""Receiving from a queue may wait, and holds nobody up while it does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.store import Store

ACCOUNT = "510987654321"
REGION = "eu-west-1"


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


def ask(store: Store, operation: str, **params: Any) -> dict[str, Any]:
    return store.execute(ACCOUNT, REGION, "sqs", operation, params)


def test_who_waits_gets_what_is_sent_meanwhile(store: Store) -> None:
    queue = ask(store, "CreateQueue", QueueName="waited")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, store, "ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=20)
        ask(store, "SendMessage", QueueUrl=queue, MessageBody="words")
        assert [m["Body"] for m in waiting.result()["Messages"]] == ["words"]


def test_who_waits_for_nothing_gets_nothing(store: Store) -> None:
    queue = ask(store, "CreateQueue", QueueName="empty")["QueueUrl"]
    assert ask(store, "ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=1).get("Messages") is None
    patient = {"ReceiveMessageWaitTimeSeconds": "1"}
    queue = ask(store, "CreateQueue", QueueName="patient", Attributes=patient)["QueueUrl"]
    assert ask(store, "ReceiveMessage", QueueUrl=queue).get("Messages") is None


def test_what_cannot_be_waited_for_is_refused_at_once(store: Store) -> None:
    queue = ask(store, "CreateQueue", QueueName="never")["QueueUrl"]
    with pytest.raises(ApiError):
        ask(store, "ReceiveMessage", QueueUrl=queue, WaitTimeSeconds=21)
    with pytest.raises(ApiError, match="NonExistentQueue"):
        ask(store, "ReceiveMessage", QueueUrl=queue + "x", WaitTimeSeconds=20)
