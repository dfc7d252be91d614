"""Which bucket policies S3 calls public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.policy import is_public, parse_document

ROWS = yaml.safe_load((Path(__file__).parent / "cases" / "public.yaml").read_text())["rows"]

ANY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


def public(*statements: dict[str, Any]) -> bool:
    return is_public(
        parse_document({"Version": "2012-10-17", "Statement": list(statements)}, kind="resource")
    )


def limited(operator: str, key: str, value: Any) -> bool:
    return public({**ANY, "Condition": {operator: {key: value}}})


def test_everybody_is_public_and_named_principals_are_not() -> None:
    assert public(ANY)
    assert public({**ANY, "Principal": {"AWS": "*"}})
    assert not public({**ANY, "Principal": {"AWS": "111122223333"}})
    assert not public({**ANY, "Principal": {"Service": "config.amazonaws.com"}})
    assert not public({**ANY, "Effect": "Deny"})
    assert public({**ANY, "Principal": {"AWS": "111122223333"}}, ANY)


@pytest.mark.parametrize(
    ("operator", "key", "value", "is_limit"),
    [
        ("StringEquals", "aws:SourceVpc", "vpc-1", True),
        ("StringLike", "aws:SourceVpc", "vpc-*", False),
        ("StringNotEquals", "aws:SourceVpc", "vpc-1", False),
        ("StringEqualsIfExists", "aws:SourceVpc", "vpc-1", False),
        ("StringEquals", "aws:PrincipalOrgID", "o-a", True),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalTag/o}", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/x", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x", False),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", True),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", False),
        ("IpAddress", "aws:SourceIp", "128.0.0.0/1", False),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "0.0.0.0/1"], False),
        ("StringEquals", "aws:Referer", "x", False),
        ("StringEquals", "aws:userid", "AIDAEXAMPLE", True),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*", False),
        ("StringLike", "aws:userid", "*:x", False),
    ],
)
def test_conditions_limit_only_to_fixed_values(
    operator: str, key: str, value: Any, is_limit: bool
) -> None:
    assert limited(operator, key, value) is not is_limit


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_meaning_of_public(row: list[Any]) -> None:
    principal, condition, expected, _source = row
    assert public({**ANY, "Principal": principal, "Condition": condition}) is expected
    assert not public({**ANY, "Principal": principal, "Condition": condition, "Effect": "Deny"})
