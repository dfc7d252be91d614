"""The forms of every guardrail: actions that there are, services that are reached, rules that are
known, and fixes that the guardrails themselves let the platform make."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from guardrail_cases import FACTS, caller, decide

from landrail.compiler.guardrails.organization_policies import attributes
from landrail.guardrails import Guardrail, guardrails
from landrail.guardrails.perimeter import ORGANIZATION, PERIMETER
from landrail.policy.reference.rcp import RCP_SERVICES
from landrail.policy.reference.services import matching
from landrail.resources import organization_id
from landrail.rules.catalogue import fix_actions, rules

EVERY = tuple(guardrails().values())
PREVENTING = [g for g in EVERY if g.statements(FACTS) or g.resource_statements(FACTS)]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("guardrail", PREVENTING, ids=lambda g: g.id)
def test_every_action_that_is_named_there_is(guardrail: Guardrail) -> None:
    statements = (*guardrail.statements(FACTS), *guardrail.resource_statements(FACTS))
    for statement in statements:
        for pattern in listed(statement.get("Action", statement.get("NotAction"))):
            assert pattern == "*" or matching(pattern), pattern


@pytest.mark.parametrize("guardrail", EVERY, ids=lambda g: g.id)
def test_a_guardrail_has_a_form_and_its_rules_are_known(guardrail: Guardrail) -> None:
    forms = (
        guardrail.service_control,
        guardrail.resource_control,
        guardrail.organization_policy,
        guardrail.proactive,
        guardrail.detective,
    )
    assert any(forms)
    assert {detective.rule for detective in guardrail.detective} <= set(rules())


def test_what_the_file_says_changes_the_guardrails_that_take_values_and_no_other() -> None:
    bare = replace(FACTS, options={})
    told = replace(FACTS, options={guardrail.id: {"root": ("5",)} for guardrail in EVERY})
    reading = {
        guardrail.id
        for guardrail in EVERY
        if guardrail.statements(bare) != guardrail.statements(told)
        or guardrail.resource_statements(bare) != guardrail.resource_statements(told)
        or any(one.from_file is not None for one in guardrail.detective)
    }
    assert reading == {guardrail.id for guardrail in EVERY if guardrail.option is not None}


def test_resource_control_policies_speak_of_services_that_they_reach_and_to_everybody() -> None:
    for guardrail in EVERY:
        for statement in guardrail.resource_statements(FACTS):
            assert statement["Principal"] == "*", guardrail.id
            assert "NotAction" not in statement, guardrail.id
            services = {pattern.partition(":")[0] for pattern in listed(statement["Action"])}
            assert services <= RCP_SERVICES, guardrail.id
    assert set(PERIMETER) <= RCP_SERVICES


def test_policies_of_the_organization_are_of_types_that_there_are_and_agree() -> None:
    types = {"S3_POLICY", "DECLARATIVE_POLICY_EC2", "AISERVICES_OPT_OUT_POLICY"}
    found: dict[str, list[str]] = {}
    for guardrail in EVERY:
        policy = guardrail.organization_policy
        if policy is not None:
            assert json.loads(json.dumps(policy.content)) == policy.content
            found.setdefault(policy.type, []).extend(attributes(policy.content))
    assert set(found) == types
    for said in found.values():
        assert len(set(said)) == len(said)


def test_the_organization_is_known_by_the_token_of_the_resources() -> None:
    assert organization_id() == ORGANIZATION


def test_no_role_is_exempt_by_its_name_in_a_resource_control_policy() -> None:
    """There, anybody's role of that name would be."""
    for guardrail in EVERY:
        for statement in guardrail.resource_statements(FACTS):
            assert "aws:PrincipalArn" not in str(statement.get("Condition", "")), guardrail.id


@pytest.mark.parametrize("action", fix_actions())
def test_what_is_found_can_be_put_right_by_the_platform(action: str) -> None:
    for guardrail in PREVENTING:
        if guardrail.id not in _OF_RELEASES:
            assert decide(guardrail, "platform", action, "*", _RIGHT).allowed, guardrail.id


_RIGHT = {
    "codebuild:projectVisibility": "PRIVATE",
    "sagemaker:MinimumInstanceMetadataServiceVersion": "2",
    "sagemaker:RootAccess": "Disabled",
}
"""What fixes say in their requests."""
_OF_RELEASES = (
    *("deny-suspended", "release-alarms-only", "release-only", "release-scaling-only"),
    "release-stacks-only",
)
"""Where the platform changes nothing: releases do, or nobody."""


def test_callers_of_the_cases_are_who_they_say() -> None:
    assert caller("vending").iam_arn.endswith(":role/OrganizationAccountAccessRole")
    assert caller("platform").iam_arn.endswith(":role/landrail/platform")
    assert caller("outside/break-glass").account != caller("break-glass").account
