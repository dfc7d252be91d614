"""What must hold for any policies: denials only take away, limits never grant, order is nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landrail.policy import evaluate_line, evaluate_text, parse_document

from .strategies import FULL, FULL_RCP, documents, lines, policies, requests, statements

_MANY = settings(max_examples=150, deadline=None)
_SOME = settings(max_examples=80, deadline=None)
Line = dict[str, Any]


def decide(line: Line) -> str:
    return evaluate_line({"id": 0, **line})["decision"]


def every_document(line: Line) -> Iterator[dict[str, Any]]:
    for layer in ("identity_policies", "permission_boundary", "session_policies"):
        yield from line[layer] or []
    yield from line["vpc_endpoint_policies"]
    for level in (*line["scps"], *line["rcps"]):
        yield from level["policies"]
    if line["resource_policy"]:
        yield line["resource_policy"]


def every_statement(line: Line) -> Iterator[dict[str, Any]]:
    for document in every_document(line):
        listed = document["Statement"]
        yield from listed if isinstance(listed, list) else [listed]


@_MANY
@given(lines, statements("Deny"))
def test_adding_a_denial_to_any_layer_never_allows(line: Line, denial: dict[str, Any]) -> None:
    before = decide(line)
    plain = {"Version": "2012-10-17", "Statement": denial}
    named = {"Version": "2012-10-17", "Statement": {**denial, "Principal": "*"}}
    bounds = [FULL] if line["permission_boundary"] is None else line["permission_boundary"]
    for more in (
        {"identity_policies": [*line["identity_policies"], plain]},
        {"permission_boundary": [*bounds, plain]},
        {"session_policies": [*(line["session_policies"] or [FULL]), plain]},
        {"vpc_endpoint_policies": [*(line["vpc_endpoint_policies"] or [FULL_RCP]), named]},
        {"scps": [*line["scps"], {"id": "more", "policies": [FULL, plain]}]},
        {"rcps": [*line["rcps"], {"id": "more", "policies": [FULL_RCP, named]}]},
    ):
        after = decide({**line, **more})
        assert after in ("EXPLICIT_DENY", before) or before == "ALLOW" or _federated(line, more)
        assert after != "ALLOW" or before == "ALLOW" or _federated(line, more), more


def _federated(line: Line, more: dict[str, Any]) -> bool:
    """A federated user has permissions only with a session policy: passing one can grant."""
    return "session_policies" in more and "federated-user" in str(line["request"]["principal"])


@_MANY
@given(lines)
def test_limits_never_grant(line: Line) -> None:
    """Taking away boundary, SCPs, RCPs or endpoint policies never denies what was allowed."""
    before = decide(line)
    for name, none in (
        ("permission_boundary", None),
        ("scps", []),
        ("rcps", []),
        ("vpc_endpoint_policies", []),
    ):
        assert before != "ALLOW" or decide({**line, name: none}) == "ALLOW", name
    if "federated-user" not in str(line["request"]["principal"]):
        assert before != "ALLOW" or decide({**line, "session_policies": []}) == "ALLOW"


@_MANY
@given(requests, documents())
def test_limits_alone_grant_nothing(request: Line, limits: list[dict[str, Any]]) -> None:
    line = {
        "request": request,
        "permission_boundary": limits,
        "session_policies": limits,
        "scps": [{"id": "root", "policies": limits}],
    }
    root = str(request["principal"]).endswith(":root")
    assert decide(line) != "ALLOW" or root


@_MANY
@given(lines)
def test_more_levels_never_grant(line: Line) -> None:
    before = decide(line)
    for name in ("scps", "rcps"):
        for level in line[name]:
            after = decide({**line, name: [*line[name], level]})
            assert after == before, "a level twice is that level"
        emptied = decide({**line, name: [*line[name], {"id": "none", "policies": []}]})
        assert emptied == before or emptied != "ALLOW"


@_SOME
@given(lines, policies("Allow"))
def test_another_allow_never_takes_away(line: Line, more: dict[str, Any]) -> None:
    before = decide(line)
    after = decide({**line, "identity_policies": [*line["identity_policies"], more]})
    assert after == before or (before == "IMPLICIT_DENY" and after == "ALLOW")


@_SOME
@given(lines, st.randoms(use_true_random=False))
def test_order_does_not_matter(line: Line, random: Any) -> None:
    mixed = copy.deepcopy(line)
    for document in every_document(mixed):
        if isinstance(document["Statement"], list):
            random.shuffle(document["Statement"])
    for name in ("identity_policies", "permission_boundary", "session_policies", "scps", "rcps"):
        if mixed[name]:
            random.shuffle(mixed[name])
    assert decide(mixed) == decide(line)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _spelled_otherwise(line: Line) -> Line:
    """The same line: lists for texts, other case where case is nothing, the account as its ARN."""
    other = copy.deepcopy(line)
    other["request"]["action"] = other["request"]["action"].swapcase()
    other["request"]["context"] = {
        key.swapcase(): value for key, value in other["request"]["context"].items()
    }
    for statement in every_statement(other):
        for name in ("Action", "NotAction"):
            if name in statement:
                statement[name] = [a.swapcase() for a in _listed(statement[name])]
        for name in ("Resource", "NotResource"):
            if name in statement:
                statement[name] = _listed(statement[name])
        if isinstance(statement.get("Principal"), dict):
            statement["Principal"] = {
                kind: [_account_arn(name) for name in _listed(names)]
                for kind, names in statement["Principal"].items()
            }
        elif "Principal" in statement:
            statement["Principal"] = {"AWS": "*"}
        for operator, keys in list(statement.get("Condition", {}).items()):
            del statement["Condition"][operator]
            spelled = {key.swapcase(): _listed(values) for key, values in keys.items()}
            statement["Condition"][operator.swapcase()] = spelled
    return other


def _account_arn(name: str) -> str:
    return f"arn:aws:iam::{name}:root" if name.isdigit() else name


@_MANY
@given(lines)
def test_equal_policies_decide_equally(line: Line) -> None:
    assert decide(_spelled_otherwise(line)) == decide(line)


@_SOME
@given(lines)
def test_one_policy_or_several_decide_equally(line: Line) -> None:
    parts = [
        {"Version": "2012-10-17", "Statement": statement}
        for document in line["identity_policies"]
        for statement in document["Statement"]
    ]
    assert decide({**line, "identity_policies": parts}) == decide(line)


@_SOME
@given(lines)
def test_widening_an_allow_never_takes_away(line: Line) -> None:
    before = decide(line)
    wider = copy.deepcopy(line)
    for document in wider["identity_policies"]:
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                for name in ("NotAction", "NotResource", "Condition"):
                    statement.pop(name, None)
                statement.update(Action="*", Resource="*")
    assert before != "ALLOW" or decide(wider) == "ALLOW"


@_SOME
@given(lines)
def test_widening_a_deny_never_allows(line: Line) -> None:
    before = decide(line)
    wider = copy.deepcopy(line)
    for statement in every_statement(wider):
        if statement["Effect"] == "Deny":
            statement.pop("Condition", None)
            if "Resource" in statement:
                statement["Resource"] = "*"
    assert before == "ALLOW" or decide(wider) != "ALLOW"


@_MANY
@given(requests, statements())
def test_a_statement_and_its_complement_never_both_apply(
    request: Line, statement: dict[str, Any]
) -> None:
    statement = {**statement, "Effect": "Allow"}
    for name, turned in (("Action", "NotAction"), ("NotAction", "Action")):
        if name in statement:
            other = {k: v for k, v in statement.items() if k != name} | {turned: statement[name]}
    caller = {**request, "principal": "arn:aws:iam::111122223333:user/u"}
    said = [
        decide(
            {"request": caller, "identity_policies": [{"Version": "2012-10-17", "Statement": s}]}
        )
        for s in (statement, other)
    ]
    assert said.count("ALLOW") <= 1


_OPPOSITES = [
    ("StringEquals", "StringNotEquals", ["a", "b*", "${aws:PrincipalTag/T, 'x'}"]),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", ["A", "b"]),
    ("StringLike", "StringNotLike", ["a*", "?b"]),
    ("NumericEquals", "NumericNotEquals", ["1", "2.5"]),
    ("NumericLessThan", "NumericGreaterThanEquals", ["2"]),
    ("DateEquals", "DateNotEquals", ["2026-01-01", "2026-02-01"]),
    ("DateLessThan", "DateGreaterThanEquals", ["2026-01-15"]),
    ("IpAddress", "NotIpAddress", ["203.0.113.0/24", "10.0.0.0/8"]),
    ("ArnLike", "ArnNotLike", ["arn:aws:s3:::b*", "arn:aws:iam::*:role/?"]),
    ("ArnEquals", "ArnNotEquals", ["arn:aws:s3:::b"]),
]
_READABLE = {
    "String": ["a", "A", "b", "xb", "", "b*"],
    "Numeric": ["1", "2", "2.50", "-3", "1e1"],
    "Date": ["2026-01-01", "2026-01-15T00:00:00Z", "1767225600", "2026-02-01"],
    "Ip": ["203.0.113.1", "10.9.9.9", "192.0.2.1"],
    "Arn": ["arn:aws:s3:::b", "arn:aws:s3:::bb", "arn:aws:iam::1:role/x", "arn:aws:s3:::c"],
}


@pytest.mark.parametrize(("positive", "negated", "wanted"), _OPPOSITES)
def test_an_operator_and_its_negation_are_opposites(
    positive: str, negated: str, wanted: list[str]
) -> None:
    """For any one value that can be read exactly one of the two holds, in Allow and in Deny."""
    family = next(name for name in _READABLE if positive.startswith(name))
    for value in _READABLE[family]:
        for effect in ("Allow", "Deny"):
            held = [_holds(operator, wanted, value, effect) for operator in (positive, negated)]
            assert held.count(True) == 1, (value, effect)


def _holds(operator: str, wanted: list[str], value: str, effect: str) -> bool:
    statement = {
        "Effect": effect,
        "Action": "*",
        "Resource": "*",
        "Condition": {operator: {"aws:k": wanted}},
    }
    listed = [statement] if effect == "Allow" else [FULL["Statement"], statement]
    line = {
        "request": {
            "principal": "arn:aws:iam::111122223333:user/u",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "context": {"aws:k": value},
        },
        "identity_policies": [{"Version": "2012-10-17", "Statement": listed}],
    }
    return decide(line) == ("ALLOW" if effect == "Allow" else "EXPLICIT_DENY")


@_SOME
@given(lines)
def test_reading_is_the_same_from_text_and_from_values(line: Line) -> None:
    assert evaluate_text(json.dumps({"id": 0, **line})) == evaluate_line({"id": 0, **line})


@_SOME
@given(policies(None, principal=True))
def test_a_document_survives_being_written_and_read(document: dict[str, Any]) -> None:
    parsed = parse_document(document, kind="resource")
    assert parse_document(json.dumps(document, indent=2), kind="resource") == parsed
    assert parse_document(json.dumps(document).encode(), kind="resource") == parsed
    assert [s.number for s in parsed.statements] == list(range(1, len(parsed.statements) + 1))


@_MANY
@given(lines)
def test_the_reason_is_of_the_decision(line: Line) -> None:
    result = evaluate_line({"id": 0, **line})
    applied = {found["effect"] for found in result["matched"]}
    if result["decision"] == "EXPLICIT_DENY":
        assert "Deny" in applied
        assert "explicit deny" in result["reason"]
    else:
        assert "Deny" not in applied


@_SOME
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v)))
def test_anything_else_is_an_error_and_no_decision(value: Any) -> None:
    result = evaluate_text(json.dumps(value))
    assert set(result) == {"id", "error"}
