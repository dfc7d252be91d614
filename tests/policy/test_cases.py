"""Every case of `cases/`, decided as the documentation it names says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from landrail.policy import evaluate_line
from landrail.policy.operators import OPERATORS

CASES = Path(__file__).parent / "cases"
ROLE = "arn:aws:iam::111122223333:role/x"
ACCOUNT = "111122223333"


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((CASES / name).read_text())


def decide(line: dict[str, Any]) -> str:
    return evaluate_line({"id": 1, **line})["decision"]


def document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


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
    return [decide({"request": request, "identity_policies": p}) for p in (allow, deny)]


def outcomes(matches: bool) -> list[str]:
    return ["ALLOW", "EXPLICIT_DENY"] if matches else ["IMPLICIT_DENY", "ALLOW"]


OPERATOR_ROWS = load("operators.yaml")["rows"]


@pytest.mark.parametrize("row", OPERATOR_ROWS, ids=lambda r: f"{r[0]}-{r[3]}-{r[5]}")
def test_condition(row: list[Any]) -> None:
    operator, key, values, given, holds, _source = row
    statement = {"Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
    context = {} if given is None else {key.swapcase(): given}
    got = single(statement, "s3:GetObject", "arn:aws:s3:::b/k", context)
    assert got == outcomes(holds)


def test_every_operator_has_cases_that_hold_and_that_do_not() -> None:
    for name in OPERATORS:
        held = {r[4] for r in OPERATOR_ROWS if r[0].lower() == name.lower()}
        assert held == {True, False}, name


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


SCENARIOS = load("scenarios.yaml")
FLAT = [(group, case) for group in SCENARIOS["groups"] for case in group["cases"]]


def scenario(group: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    def documents(names: list[str]) -> list[dict[str, Any]]:
        return [document(SCENARIOS["documents"][name]) for name in names]

    def levels(listed: list[list[str]]) -> list[dict[str, Any]]:
        return [{"id": str(i), "policies": documents(names)} for i, names in enumerate(listed)]

    boundary = case.get("boundary")
    resource = case.get("resource")
    return {
        "request": {
            "principal": SCENARIOS["principals"][case["p"]],
            "action": case.get("action", group.get("action", "s3:GetObject")),
            "resource": case.get("arn", group.get("arn", "arn:aws:s3:::b/k")),
            "resource_account": case.get("owner", ACCOUNT),
            "context": case.get("context", {}),
            "principal_tags": case.get("tags", {}),
        },
        "identity_policies": documents(case.get("id", [])),
        "permission_boundary": None if boundary is None else documents(boundary),
        "session_policies": documents(case.get("session", [])),
        "resource_policy": documents([resource])[0] if resource else None,
        "scps": levels(case.get("scps", [])),
        "rcps": levels(case.get("rcps", [])),
        "vpc_endpoint_policies": documents(case.get("endpoint", [])),
        "settings": {
            "s3": {"blockPublicAccess": {"RestrictPublicBuckets": bool(case.get("restrict"))}}
        },
    }


@pytest.mark.parametrize(
    ("group", "case"), FLAT, ids=[f"{c['p']}-{i}" for i, (_, c) in enumerate(FLAT)]
)
def test_scenario(group: dict[str, Any], case: dict[str, Any]) -> None:
    result = evaluate_line({"id": 1, **scenario(group, case)})
    assert result["decision"] == case["expect"], (group["source"], case, result["reason"])
    assert result["reason"]


def test_there_are_cases_enough() -> None:
    rows = sum(len(rows) for rows in MATCHING.values())
    assert len(OPERATOR_ROWS) + rows + len(FLAT) >= 300
