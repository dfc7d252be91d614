"""What is derived from a condition key: the actions, the statements, and what they match."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landrail.guardrails import Facts, Guardrail, must
from landrail.guardrails.actions import actions, carrying, narrow
from landrail.guardrails.all import guardrails
from landrail.guardrails.holding import Holding, InPlace, always, parts_of
from landrail.policy import parse_document
from landrail.policy.reference.services import matching, older_names

FACTS = Facts(
    "acme-ml",
    "eu-west-1",
    options={
        one.id: {"root": ("3600",) if "max" in one.id else ("ml.m5.*",)}
        for one in guardrails().values()
        if one.option
    },
)
HELD = [(one, part) for one in guardrails().values() for part in parts_of(one.service_control)]


def named(statement: dict[str, Any]) -> list[str]:
    listed = statement["Action"]
    return [listed] if isinstance(listed, str) else list(listed)


@pytest.mark.parametrize(
    ("one", "part"), HELD, ids=lambda x: getattr(x, "id", getattr(x, "key", ""))
)
def test_statements_name_every_action_that_carries_the_key_and_no_other(
    one: Guardrail, part: Holding
) -> None:
    made = [dict(statement) for statement in part(FACTS)]
    reached = {name for s in made for pattern in named(s) for name in matching(pattern)}
    assert reached == set(part.held)
    assert set(part.carrying) == reached | set(part.apart)
    document = {"Version": "2012-10-17", "Statement": made}
    assert parse_document(json.dumps(document), kind="scp").statements
    assert not set(part.unheld) & reached
    assert one.title


def test_narrow_matches_what_is_wanted_alone() -> None:
    for key in ("sagemaker:VpcSubnets", "sagemaker:InstanceTypes", "aws:TagKeys"):
        wanted = carrying("sagemaker", key)
        patterns = narrow("sagemaker", wanted)
        assert {name for pattern in patterns for name in matching(pattern)} == set(wanted)
        assert len(patterns) < len(wanted)


def test_older_names_of_keys_are_found() -> None:
    assert older_names("sagemaker:VolumeKmsKeyArn") == ("sagemaker:VolumeKmsKey",)
    assert older_names("sagemaker:VpcSubnets") == ()


def test_a_key_under_two_names_is_missing_where_both_are() -> None:
    part = Holding(key="sagemaker:VolumeKmsKeyArn", must=always(must.given()))
    (statement,) = part(FACTS)
    both = {"sagemaker:VolumeKmsKeyArn": "true", "sagemaker:VolumeKmsKey": "true"}
    assert statement["Condition"]["Null"] == both


def test_what_is_named_in_place_lets_past_only_who_is_named() -> None:
    other = InPlace(("arn:aws:iam::*:role/landrail/release-stack",), "sagemaker:ModelArn")
    part = Holding(
        key="sagemaker:NetworkIsolation",
        must=always(must.true()),
        in_place={"CreateEndpointConfig": other},
    )
    plain, freed, naming = part(FACTS)
    assert "sagemaker:CreateEndpointConfig" not in plain["Action"]
    assert other.roles[0] in freed["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert naming["Condition"]["Null"] == {"sagemaker:ModelArn": "true"}
    assert other.roles[0] not in naming["Condition"]["ArnNotLike"]["aws:PrincipalArn"]


def test_every_action_that_runs_something_is_held_or_says_why_not() -> None:
    """Whatever makes compute is under the VPC's guardrail, or is named beside it."""
    part = parts_of(guardrails()["sagemaker-require-vpc"].service_control)[0]
    runs = {
        name
        for name in actions("sagemaker")
        if name.startswith("Create")
        and name.endswith(("Job", "JobV2", "JobDefinition", "Endpoint", "Cluster", "Instance"))
    }
    exported = {"CreateModelCardExportJob"}
    assert runs - set(part.held) - set(part.unheld) == exported


def test_a_form_that_asks_for_values_holds_nothing_without() -> None:
    for one in guardrails().values():
        if one.option and one.id != "sagemaker-require-tags" and parts_of(one.service_control):
            assert one.statements(Facts("acme-ml", "eu-west-1")) == ()
