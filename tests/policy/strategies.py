"""Lines for property tests: small worlds, so that policies and requests meet often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ACCOUNT = "111122223333"
FULL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
FULL_RCP = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}

_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "kms:*", "ec2:*", "*"]
_RESOURCES = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "arn:aws:s3:::${aws:PrincipalTag/T}/k", "*"]
_PRINCIPALS = [
    "*",
    {"AWS": "*"},
    {"AWS": ACCOUNT},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:user/u"},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:role/r"},
    {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s"},
    {"AWS": "arn:aws:iam::444455556666:role/r"},
    {"AWS": "444455556666"},
    {"Service": "config.amazonaws.com"},
]
_CALLERS = [
    f"arn:aws:iam::{ACCOUNT}:user/u",
    f"arn:aws:iam::{ACCOUNT}:role/r",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s",
    f"arn:aws:sts::{ACCOUNT}:federated-user/u",
    f"arn:aws:iam::{ACCOUNT}:root",
    "arn:aws:sts::444455556666:assumed-role/r/s",
    "config.amazonaws.com",
    {"anonymous": True},
]
_TESTS: dict[str, list[Any]] = {
    "StringEquals": ["a", "b", "${aws:PrincipalTag/T}"],
    "StringNotEquals": ["a", "b", "${aws:PrincipalTag/T}"],
    "StringLikeIfExists": ["a*", "b"],
    "StringNotLikeIfExists": ["a*"],
    "ForAllValues:StringLike": ["a*", "b"],
    "ForAnyValue:StringNotEquals": ["a"],
    "NumericLessThan": [1, 5],
    "NumericNotEqualsIfExists": [5],
    "DateGreaterThan": ["2026-01-01"],
    "Bool": ["true"],
    "NotIpAddress": ["203.0.113.0/24"],
    "ArnNotLike": ["arn:aws:s3:::*"],
    "Null": ["true", "false"],
}
_VALUES: list[Any] = ["a", "ab", "b", "3", "5", "", "true", "2026-02-01", "203.0.113.9", ["a"]]
_VALUES += [["a", "b"], [], "arn:aws:s3:::b", "10.0.0.1", True, 5]


@st.composite
def statements(
    draw: st.DrawFn, effect: str | None = None, principal: bool = False
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        draw(st.sampled_from(["Action", "NotAction"])): draw(st.sampled_from(_ACTIONS)),
        draw(st.sampled_from(["Resource", "NotResource"])): draw(st.sampled_from(_RESOURCES)),
    }
    if principal:
        statement["Principal"] = draw(st.sampled_from(_PRINCIPALS))
    if draw(st.booleans()):
        operator = draw(st.sampled_from(sorted(_TESTS)))
        values = draw(st.lists(st.sampled_from(_TESTS[operator]), min_size=1, max_size=2))
        key = draw(st.sampled_from(["aws:k", "aws:l"]))
        statement["Condition"] = {operator: {key: values}}
    return statement


@st.composite
def policies(draw: st.DrawFn, effect: str | None = None, principal: bool = False) -> dict[str, Any]:
    listed = draw(st.lists(statements(effect, principal), min_size=1, max_size=3))
    return {"Version": "2012-10-17", "Statement": listed}


def documents(effect: str | None = None) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(policies(effect), min_size=1, max_size=3)


def levels(full: dict[str, Any], principal: bool = False) -> st.SearchStrategy[list[Any]]:
    level = st.lists(st.one_of(st.just(full), policies(None, principal)), max_size=2)
    made = level.map(lambda listed: {"id": "x", "policies": listed})
    return st.lists(made, max_size=2)


requests = st.fixed_dictionaries(
    {
        "principal": st.sampled_from(_CALLERS),
        "action": st.sampled_from(["s3:GetObject", "s3:PutObject", "ec2:RunInstances"]),
        "resource": st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::c/k", "*"]),
        "resource_account": st.just(ACCOUNT),
        "context": st.dictionaries(
            st.sampled_from(["aws:k", "aws:l"]), st.sampled_from(_VALUES), max_size=2
        ),
        "principal_tags": st.sampled_from([{}, {"T": "b"}]),
    }
)

lines = st.fixed_dictionaries(
    {
        "request": requests,
        "identity_policies": st.lists(policies(), max_size=2),
        "permission_boundary": st.one_of(st.none(), st.lists(policies(), max_size=2)),
        "session_policies": st.lists(policies(), max_size=2),
        "resource_policy": st.one_of(st.none(), policies(None, principal=True)),
        "scps": levels(FULL),
        "rcps": levels(FULL_RCP, principal=True),
        "vpc_endpoint_policies": st.lists(policies(None, principal=True), max_size=1),
    }
)
"""A line with every layer; each may be absent or empty."""
