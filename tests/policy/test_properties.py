"""What must hold for any policies: denials only take away, limits never grant, order is nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from landrail.policy import evaluate_line

_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "ec2:*", "*"]
_RESOURCES = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "arn:aws:s3:::${aws:PrincipalTag/T}/k", "*"]
_OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringNotEquals",
]


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Deny"])),
        draw(st.sampled_from(["Action", "NotAction"])): draw(st.sampled_from(_ACTIONS)),
        draw(st.sampled_from(["Resource", "NotResource"])): draw(st.sampled_from(_RESOURCES)),
    }
    if draw(st.booleans()):
        values = draw(st.lists(st.sampled_from(["a", "b", "${aws:PrincipalTag/T}"]), min_size=1))
        statement["Condition"] = {draw(st.sampled_from(_OPERATORS)): {"aws:k": values}}
    return statement


def documents(effect: str | None = None) -> st.SearchStrategy[list[dict[str, Any]]]:
    listed = st.lists(statements(effect), min_size=1, max_size=3)
    return st.lists(
        listed.map(lambda s: {"Version": "2012-10-17", "Statement": s}), min_size=1, max_size=3
    )


requests = st.fixed_dictionaries(
    {
        "principal": st.sampled_from(
            ["arn:aws:iam::111122223333:user/u", "arn:aws:iam::111122223333:role/r"]
        ),
        "action": st.sampled_from(["s3:GetObject", "s3:PutObject", "ec2:RunInstances"]),
        "resource": st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::c/k", "*"]),
        "resource_account": st.just("111122223333"),
        "context": st.sampled_from([{}, {"aws:k": "a"}, {"AWS:K": "b"}, {"aws:k": ["a"]}]),
        "principal_tags": st.sampled_from([{}, {"T": "b"}]),
    }
)


def decision(**line: Any) -> str:
    return evaluate_line({"id": 0, **line})["decision"]


@settings(max_examples=150, deadline=None)
@given(requests, documents(), statements("Deny"))
def test_adding_a_denial_never_allows(
    request: dict[str, Any], identity: list[dict[str, Any]], denial: dict[str, Any]
) -> None:
    before = decision(request=request, identity_policies=identity)
    more = [*identity, {"Version": "2012-10-17", "Statement": denial}]
    after = decision(request=request, identity_policies=more)
    assert after == before or after == "EXPLICIT_DENY"


@settings(max_examples=150, deadline=None)
@given(requests, documents(), documents())
def test_limits_never_grant(
    request: dict[str, Any], identity: list[dict[str, Any]], limits: list[dict[str, Any]]
) -> None:
    without = decision(request=request, identity_policies=identity)
    for limited in (
        {"scps": [{"id": "root", "policies": limits}]},
        {"permission_boundary": limits},
        {"session_policies": limits},
    ):
        got = decision(request=request, identity_policies=identity, **limited)
        assert without == "ALLOW" or got != "ALLOW"


@settings(max_examples=100, deadline=None)
@given(requests, documents(), st.randoms(use_true_random=False))
def test_order_does_not_matter(
    request: dict[str, Any], identity: list[dict[str, Any]], random: Any
) -> None:
    before = decision(request=request, identity_policies=identity)
    mixed = [{**d, "Statement": list(d["Statement"])} for d in identity]
    random.shuffle(mixed)
    for each in mixed:
        random.shuffle(each["Statement"])
    assert decision(request=request, identity_policies=mixed) == before


@settings(max_examples=100, deadline=None)
@given(requests, statements())
def test_a_statement_and_its_complement_never_both_apply(
    request: dict[str, Any], statement: dict[str, Any]
) -> None:
    turned = dict(statement, Effect="Allow")
    for name in ("Action", "NotAction"):
        if name in statement:
            turned.pop(name)
            turned["NotAction" if name == "Action" else "Action"] = statement[name]
    allow = [{"Version": "2012-10-17", "Statement": dict(statement, Effect="Allow")}]
    both = [*allow, {"Version": "2012-10-17", "Statement": turned}]
    one = decision(request=request, identity_policies=allow)
    other = decision(request=request, identity_policies=both[1:])
    assert not (one == "ALLOW" and other == "ALLOW")
