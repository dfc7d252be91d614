"""What is refused before anything is decided: the parser fails closed and names every mistake."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.diagnostics import Mistakes
from landrail.policy import DocumentKind, InvalidPolicy, evaluate_line, parse_document

GOOD: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def one(kind: DocumentKind = "identity", **changes: Any) -> None:
    statement = {**GOOD, **changes}
    kept = {k: v for k, v in statement.items() if v is not None}
    parse_document({"Version": "2012-10-17", "Statement": kept}, kind=kind)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "allow"},
        {"Effect": None},
        {"Action": None},
        {"Action": []},
        {"Action": "GetObject"},
        {"Action": "s*:GetObject"},
        {"NotAction": "s3:*"},
        {"Resource": None},
        {"Resource": "b/k"},
        {"Resource": {"a": 1}},
        {"NotResource": "*"},
        {"Principal": "*"},
        {"Condition": {"StringEqual": {"aws:k": "a"}}},
        {"Condition": {"ForSomeValues:StringEquals": {"aws:k": "a"}}},
        {"Condition": {"NullIfExists": {"aws:k": "true"}}},
        {"Condition": {"StringEquals": {"aws:k": {"a": 1}}}},
        {"Condition": {"StringEquals": {"aws:k": []}}},
        {"Condition": {"StringEquals": {"aws:k": "a", "AWS:K": "b"}}},
        {"Condition": {"StringEquals": "a"}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "300.1.1.1"}}},
        {"Condition": {"NumericEquals": {"aws:k": "ten"}}},
        {"Condition": {"DateLessThan": {"aws:k": "tomorrow"}}},
        {"Condition": {"Bool": {"aws:k": "yes"}}},
        {"Conditions": {}},
        {"Sid": "not letters"},
    ],
    ids=str,
)
def test_refused(changes: dict[str, Any]) -> None:
    one()
    with pytest.raises(InvalidPolicy) as raised:
        one(**changes)
    assert raised.value.diagnostics


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "arn:aws:iam::111122223333:user/*"},
        {"AWS": "11112222333"},
        {"AWS": "arn:aws:iam::111122223333:group/g"},
        {"Service": "*"},
        {"Aws": "111122223333"},
        "111122223333",
        {},
    ],
    ids=str,
)
def test_refused_principals(principal: Any) -> None:
    one("resource", Principal={"AWS": "111122223333"})
    with pytest.raises(InvalidPolicy):
        one("resource", Principal=principal)


def test_kinds_have_rules() -> None:
    with pytest.raises(InvalidPolicy):
        one("resource")
    with pytest.raises(InvalidPolicy):
        one("trust", Principal="*")
    with pytest.raises(InvalidPolicy):
        one("session", Resource="arn:aws:sqs")
    with pytest.raises(InvalidPolicy):
        parse_document({"Statement": GOOD}, kind="scp")
    with pytest.raises(InvalidPolicy):
        one("resource", Principal=None, NotPrincipal={"AWS": "111122223333"})


def test_duplicate_keys_and_broken_json_are_refused() -> None:
    doubled = '{"Version": "2012-10-17", "Statement": [], "Statement": []}'
    for text in (doubled, "{", "[]", '{"Statement": NaN}', "[" * 100_000):
        with pytest.raises(InvalidPolicy):
            parse_document(text)


def test_every_mistake_is_named_with_a_remedy() -> None:
    with pytest.raises(InvalidPolicy) as raised:
        parse_document(
            {
                "Version": "2012-10-17",
                "Statment": [],
                "Statement": [{"Efect": "Allow"}, {**GOOD, "Condition": {"StringEqual": {}}}],
            }
        )
    text = " ".join(f"{d.summary} {d.remedy}" for d in raised.value.diagnostics)
    assert "`Statement`" in text
    assert "`Effect`" in text
    assert "did you mean `StringEquals`" in text


def test_equal_documents_are_equal_however_written() -> None:
    text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["a:B"],"Resource":"*"}}'
    listed = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": ["*"]}],
    }
    assert parse_document(text) == parse_document(listed)


def test_a_line_that_is_not_understood_is_an_error() -> None:
    request = {
        "principal": "arn:aws:iam::111122223333:role/x",
        "action": "s3:GetObject",
        "resource": "*",
    }
    assert evaluate_line({"request": request})["decision"] == "IMPLICIT_DENY"
    for wrong in (
        {"request": {**request, "principal": "x"}},
        {"request": {**request, "Action": "x"}},
        {"request": request, "identity_policy": []},
        {"request": request, "scps": [{"policy": []}]},
        {"request": request, "settings": {"s3": {"block": True}}},
        {"request": {**request, "context": {"k": {"a": 1}}}},
        {},
    ):
        with pytest.raises(Mistakes):
            evaluate_line(wrong)
