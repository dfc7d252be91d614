"""Asking whether somebody may do something: the gate's own answer, without the deed."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": "iam:TagRole",
            "Resource": "*",
            "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
        },
        {
            "Effect": "Deny",
            "Action": "s3:DeleteObject",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
        },
    ],
}


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("asking")


@pytest.fixture(scope="module")
def role(local_aws, account):
    return local_aws.role(account, "asked-about", ALLOWED)


@pytest.fixture(scope="module")
def ask(local_aws, role):
    def post(
        action: str, resource: str, who: str = role, *, secret: str = local_aws.secret, **more: Any
    ) -> dict[str, Any]:
        body = {"arn": who, "action": action, "resource": resource, "region": "eu-west-1", **more}
        request = urllib.request.Request(
            f"{local_aws.endpoint}/_landrail/can",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told

    return post


def test_the_answer_is_the_gates_and_names_what_decided(ask, role):
    told = ask("s3:getobject", "data/2008.csv")
    assert told["allowed"] is True
    assert told["decision"]["action"] == "s3:GetObject"
    assert told["decision"]["resource"] == "arn:aws:s3:::data/2008.csv"
    assert {layer["layer"] for layer in told["decision"]["layers"]} >= {"identity"}
    denied = ask("sagemaker:CreateEndpoint", "churn")
    assert denied["allowed"] is False
    assert denied["decision"]["decision"] == "IMPLICIT_DENY"
    assert denied["decision"]["resource"].endswith(":endpoint/churn")


def test_context_is_taken_and_takes_the_place_of_what_is_derived(ask):
    arn = "arn:aws:s3:::data/k"
    assert ask("s3:DeleteObject", arn)["decision"]["decision"] == "EXPLICIT_DENY"
    assert ask("s3:DeleteObject", arn, context={"AWS:sourcevpc": "vpc-1"})["allowed"] is True
    assert ask("s3:DeleteObject", arn, context={"aws:SourceVpc": "vpc-2"})["allowed"] is False
    assert ask("iam:TagRole", "asked-about")["allowed"] is False
    tagged = ask("iam:TagRole", "asked-about", context={"aws:TagKeys": ["other", "team"]})
    assert tagged["allowed"] is True
    assert tagged["decision"]["resource"].endswith(":role/asked-about")


def test_anybody_can_be_asked_about(ask, local_aws, account, role):
    session = role.replace("iam::", "sts::").replace("role/", "assumed-role/") + "/ana"
    assert ask("s3:ListBucket", "data", session)["caller"]["arn"] == session
    root = f"arn:aws:iam::{local_aws.management_account}:root"
    assert ask("iam:CreateUser", "x", root)["allowed"] is True
    bootstrap = f"arn:aws:iam::{local_aws.management_account}:user/bootstrap"
    assert ask("organizations:ListAccounts", "*", bootstrap)["allowed"] is True
    assert ask("s3:GetObject", "data/k", "config.amazonaws.com")["allowed"] is False


@pytest.mark.parametrize(
    ("action", "resource", "who", "said", "remedy"),
    [
        ("s3:GetObjct", "b/k", None, "there is no action", "did you mean `s3:GetObject`?"),
        ("sqq:SendMessage", "q", None, "there is no service `sqq`", "did you mean `sq"),
        ("s3:Get*", "b/k", None, "there is no action", None),
        ("s3:GetObject", "arn:aws:s3", None, "is incomplete", "six fields"),
        ("s3:GetObject", "arn:aws:s3:::b", None, "is not about `arn:aws:s3:::b`", "${ObjectName}"),
        ("s3:GetObject", "arn:aws:iam::ACCOUNT:role/x", None, "is not about", "arn:"),
        ("s3:GetObject", "bucket", None, "cannot be read", "write the ARN"),
        ("sts:GetCallerIdentity", "x", None, "not about single resources", "write `*`"),
        ("s3:GetObject", "b/k", "arn:aws:iam::ACCOUNT:role/gone", "there is no role", None),
        ("s3:GetObject", "b/k", "arn:aws:iam::ACCOUNT:user/gone", "there is no user", None),
        ("s3:GetObject", "b/k", "ana", "names nobody", "WHO@ACCOUNT"),
    ],
)
def test_what_nobody_has_is_said_and_not_decided(
    ask, account, role, action, resource, who, said, remedy
):
    told = ask(action, resource, (who or role).replace("ACCOUNT", account))
    assert "decision" not in told
    assert said in told["error"]
    assert remedy is None or remedy in told["remedy"]


def test_an_arn_may_be_a_pattern_and_of_any_type_that_the_action_has(ask):
    for resource in ("arn:aws:s3:::b/*", "arn:aws:s3:::*", "*"):
        assert ask("s3:GetObject", resource)["allowed"] is True
    for kind in ("model/m", "endpoint/e", "training-job/t"):
        arn = f"arn:aws:sagemaker:eu-west-1:111122223333:{kind}"
        assert "decision" in ask("sagemaker:AddTags", arn)


def test_a_session_that_was_opened_is_asked_about_by_its_key(ask, local_aws, role):
    key = local_aws.assume(role, "ben").get_credentials().access_key
    told = ask("s3:GetObject", "data/k", access_key_id=key)
    assert told["allowed"] is True
    assert told["caller"]["arn"].endswith("/ben")
    assert "no such session" in ask("s3:GetObject", "data/k", access_key_id="ASIAGONE")["error"]


def test_the_secret_is_needed_and_the_question_a_whole_one(ask):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        ask("s3:GetObject", "b/k", secret="guessed")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        ask("s3:GetObject", "b/k", context={"aws:SourceVpc": 1})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        ask("", "b/k")
