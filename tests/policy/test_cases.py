"""Every case of `cases/`, decided as the documentation it names says.

Three forms, all data. `operators/*.yaml`: rows of one condition test, each run on an Allow and on a
Deny. `matching/*.yaml`: rows of an action or a resource against patterns, the same way.
`scenarios/*.yaml`: whole decisions. A case of these has

    p           the principal: a name of `shared.yaml`, or as a line has it (default: user)
    action, arn, owner, context, tags       the request (default: s3:GetObject on b/k, own account)
    id, boundary, session, resource, endpoint, scps, rcps      policies; scps and rcps by level
    settings    as a line has them
    expect      ALLOW, IMPLICIT_DENY, EXPLICIT_DENY or ERROR
    why         what decides it, beside the group's `source`

A policy is a name of `shared.yaml`, one statement, a list of statements, or a whole document. What
a group's `defaults` say counts for each of its cases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.policy import evaluate_text
from landrail.policy.operators import OPERATORS

CASES = Path(__file__).parent / "cases"
ROLE = "arn:aws:iam::111122223333:role/x"
ACCOUNT = "111122223333"
VERSION = "2012-10-17"


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((CASES / name).read_text())


def themes(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: yaml.safe_load(path.read_text()) for path in (CASES / folder).glob("*.yaml")}


def decide(line: dict[str, Any]) -> dict[str, Any]:
    return evaluate_text(json.dumps({"id": 1, **line}))


def document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": statements}


def single(statement: dict[str, Any], action: str, resource: str, context: dict[str, Any]) -> list:
    request = {
        "principal": ROLE,
        "action": action,
        "resource": resource,
        "resource_account": ACCOUNT,
        "context": context,
    }
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    allow = [document([{**statement, "Effect": "Allow"}])]
    deny = [document([everything, {**statement, "Effect": "Deny"}])]
    lines = [{"request": request, "identity_policies": policies} for policies in (allow, deny)]
    return [decide(line).get("decision") for line in lines]


def outcomes(matches: bool) -> list[str]:
    return ["ALLOW", "EXPLICIT_DENY"] if matches else ["IMPLICIT_DENY", "ALLOW"]


OPERATOR_ROWS = [
    pytest.param(row, id=f"{theme}-{row[0]}-{index}")
    for theme, content in sorted(themes("operators").items())
    for index, row in enumerate(content["rows"])
]


@pytest.mark.parametrize("row", OPERATOR_ROWS)
def test_condition(row: list[Any]) -> None:
    operator, key, values, given, holds, source = row
    statement = {"Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
    context = {} if given is None else {key.swapcase(): given}
    got = single(statement, "s3:GetObject", "arn:aws:s3:::b/k", context)
    assert got == outcomes(holds), source


def test_every_operator_has_cases_that_hold_and_that_do_not() -> None:
    rows = [param.values[0] for param in OPERATOR_ROWS]
    prefixed = [n for name in OPERATORS if name != "Null" for n in forms(name)]
    for name in [*OPERATORS, *prefixed]:
        held = {r[4] for r in rows if r[0].lower() == name.lower()}
        assert held == {True, False}, name


def forms(name: str) -> list[str]:
    return [f"{name}IfExists", f"ForAllValues:{name}", f"ForAnyValue:{name}"]


def test_operators_are_those_of_aws() -> None:
    strings = {f"String{n}{k}" for n in ("", "Not") for k in ("Equals", "Like")}
    strings |= {"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
    compared = ("Equals", "NotEquals", "LessThan", "LessThanEquals")
    compared += ("GreaterThan", "GreaterThanEquals")
    ordered = {f"{k}{n}" for k in ("Numeric", "Date") for n in compared}
    arns = {f"Arn{n}{k}" for n in ("", "Not") for k in ("Equals", "Like")}
    others = {"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"}
    assert set(OPERATORS) == strings | ordered | arns | others


MATCHING = load("matching.yaml")


@pytest.mark.parametrize("row", MATCHING["actions"], ids=str)
def test_action(row: list[Any]) -> None:
    statement = {"Action": row[1], "Resource": "*"}
    assert single(statement, row[0], "arn:aws:s3:::b/k", {}) == outcomes(row[2])


@pytest.mark.parametrize("row", MATCHING["not_actions"], ids=str)
def test_not_action(row: list[Any]) -> None:
    statement = {"NotAction": row[1], "Resource": "*"}
    assert single(statement, row[0], "arn:aws:s3:::b/k", {}) == outcomes(row[2])


@pytest.mark.parametrize("row", MATCHING["resources"], ids=str)
def test_resource(row: list[Any]) -> None:
    statement = {"Action": "*", "Resource": row[1]}
    assert single(statement, "x:Y", row[0], {}) == outcomes(row[2])


@pytest.mark.parametrize("row", MATCHING["not_resources"], ids=str)
def test_not_resource(row: list[Any]) -> None:
    statement = {"Action": "*", "NotResource": row[1]}
    assert single(statement, "x:Y", row[0], {}) == outcomes(row[2])


SHARED = load("shared.yaml")
SCENARIOS = [
    (theme, group, {**group.get("defaults", {}), **case})
    for theme, content in sorted(themes("scenarios").items())
    for group in content["groups"]
    for case in group["cases"]
]


def policy(given: Any) -> Any:
    if isinstance(given, str):
        return document(SHARED["documents"][given])
    if isinstance(given, list):
        return document(given)
    return document([given]) if isinstance(given, dict) and "Effect" in given else given


def scenario(case: dict[str, Any]) -> dict[str, Any]:
    def levels(listed: list[list[Any]]) -> list[dict[str, Any]]:
        return [{"id": str(i), "policies": each(policies)} for i, policies in enumerate(listed)]

    def each(listed: list[Any]) -> list[Any]:
        return [policy(given) for given in listed]

    principal, boundary = case.get("p", "user"), case.get("boundary")
    named = SHARED["principals"].get(principal) if isinstance(principal, str) else None
    return {
        "request": {
            "principal": named or principal,
            "action": case.get("action", "s3:GetObject"),
            "resource": case.get("arn", "arn:aws:s3:::b/k"),
            "resource_account": case.get("owner", ACCOUNT),
            "context": case.get("context", {}),
            "principal_tags": case.get("tags", {}),
        },
        "identity_policies": each(case.get("id", [])),
        "permission_boundary": None if boundary is None else each(boundary),
        "session_policies": each(case.get("session", [])),
        "resource_policy": policy(case["resource"]) if case.get("resource") else None,
        "scps": levels(case.get("scps", [])),
        "rcps": levels(case.get("rcps", [])),
        "vpc_endpoint_policies": each(case.get("endpoint", [])),
        "settings": case.get("settings", {}),
    }


@pytest.mark.parametrize(
    ("group", "case"),
    [pytest.param(g, c, id=f"{theme}-{i}") for i, (theme, g, c) in enumerate(SCENARIOS)],
)
def test_scenario(group: dict[str, Any], case: dict[str, Any]) -> None:
    result = decide(scenario(case))
    said = result.get("decision", "ERROR")
    assert said == case["expect"], (group["source"], case, result)
    assert result.get("reason") or result.get("error")


def test_there_are_cases_enough_and_each_names_what_decides_it() -> None:
    rows = [param.values[0] for param in OPERATOR_ROWS]
    rows += [row for listed in MATCHING.values() for row in listed]
    assert all(isinstance(row[-1], str) and row[-1] for row in rows)
    assert all(group["source"] for _theme, group, _case in SCENARIOS)
    assert len(rows) + len(SCENARIOS) >= 750
