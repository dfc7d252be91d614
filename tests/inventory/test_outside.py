"""Whom policies let in from outside: by a table of policies, and by what is asked to know that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from inventory_answers import ACCOUNT, NEIGHBOUR, Answering

from landrail.inventory import Realm, Refused, Remembering
from landrail.inventory.outside import outsiders
from landrail.inventory.policies import NOT_UNDERSTOOD, allows_public
from landrail.inventory.realm import realm_of

CASES = yaml.safe_load((Path(__file__).parent / "policies.yaml").read_text(encoding="utf-8"))


def policy(*statements: dict[str, Any], trust: bool = False) -> dict[str, Any]:
    given = {"Effect": "Allow", "Action": "sts:AssumeRole" if trust else "s3:GetObject"}
    named = {} if trust else {"Resource": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [{**given, **named, **one} for one in statements],
    }


@pytest.mark.parametrize("case", CASES, ids=[json.dumps(case["policy"]) for case in CASES])
def test_who_is_let_in(case):
    trust = case.get("trust", False)
    found = outsiders(policy(case["policy"], trust=trust), Answering({}), trust=trust)
    assert sorted(found) == sorted(case["who"])


def test_denials_let_nobody_in():
    assert outsiders(policy({"Effect": "Deny", "Principal": "*"}), Answering({})) == ()


PERIMETER = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}


@pytest.mark.parametrize("who", ["*", {"AWS": "999900009999"}])
def test_a_denial_of_all_others_keeps_them_out(who):
    assert outsiders(policy({"Principal": who}, PERIMETER), Answering({})) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-theirs"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}}},
        {"Condition": {**PERIMETER["Condition"], "Bool": {"aws:SecureTransport": "false"}}},
        {"Action": "s3:PutObject"},
        {"Resource": "arn:aws:s3:::b/other/*"},
        {"Principal": {"AWS": "999900009999"}},
    ],
)
def test_a_denial_of_less_does_not(changes):
    given = policy({"Principal": "*"}, {**PERIMETER, **changes})
    assert outsiders(given, Answering({})) == ("*",)


def test_strangers_of_all_statements_come_together():
    one = {"Principal": {"AWS": "999900009999"}}
    other = {"Principal": {"AWS": "888800008888"}}
    assert outsiders(policy(one, other), Answering({})) == ("888800008888", "999900009999")


@pytest.mark.parametrize("text", ["{}", "[", '{"Statement": [{"Effect": "Perhaps"}]}'])
def test_what_is_not_understood_counts_as_open(text):
    assert outsiders(text, Answering({})) == (NOT_UNDERSTOOD,)
    assert allows_public(text)


def test_no_policy_lets_nobody_in():
    assert outsiders(None, Answering({})) == ()


class Unknowing:
    """An Ask that does not know its organization."""

    account, region = ACCOUNT, "eu-west-1"

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        found = self._answers[operation]
        if isinstance(found, Refused):
            raise found
        return dict(found)


_OURS = {"Organization": {"Id": "o-ours", "MasterAccountId": "222233334444"}}


def test_the_organization_is_asked_for_once_and_only_where_it_matters():
    answers = {"DescribeOrganization": _OURS, "ListAccounts": {"Accounts": [{"Id": NEIGHBOUR}]}}
    ask = Remembering(Unknowing(answers))
    assert outsiders(policy({"Principal": {"AWS": ACCOUNT}}), ask) == ()
    assert sum(ask.calls.values()) == 0
    for _ in range(2):
        assert outsiders(policy({"Principal": {"AWS": NEIGHBOUR}}), ask) == ()
    assert sum(ask.calls.values()) == 2


def test_a_member_that_may_not_list_accounts_knows_itself_and_management():
    denied = Refused("AccessDeniedException", "no")
    ask = Unknowing({"DescribeOrganization": _OURS, "ListAccounts": denied})
    assert realm_of(ask) == Realm("o-ours", frozenset({ACCOUNT, "222233334444"}))


def test_an_account_that_stands_alone_knows_itself():
    alone = Refused("AWSOrganizationsNotInUseException", "none")
    assert realm_of(Unknowing({"DescribeOrganization": alone})) == Realm(None, frozenset({ACCOUNT}))


def test_an_organization_that_cannot_be_learned_is_said():
    denied = Refused("AccessDeniedException", "no")
    with pytest.raises(Refused):
        outsiders(
            policy({"Principal": {"AWS": NEIGHBOUR}}), Unknowing({"DescribeOrganization": denied})
        )
