"""Every rule that the catalogue gives AWS's identifier is one that Config evaluates."""

import json

import pytest
from config_accounts import managed

from landrail.rules.catalogue import by_identifier


@pytest.fixture(scope="module")
def account(recorded):
    return recorded("whole-catalogue")


def test_every_managed_rule_is_evaluated_and_its_reading_allowed(account):
    _, client = account
    config = client("config")
    for rule in by_identifier().values():
        given = {name: value for name, value in rule.parameters.items() if value}
        more = {"InputParameters": json.dumps(given)} if given else {}
        config.put_config_rule(ConfigRule=managed(rule.identifier, rule.name, **more))
    pages = config.get_paginator("describe_compliance_by_config_rule")
    told = pages.paginate().build_full_result()["ComplianceByConfigRules"]
    assert {one["ConfigRuleName"] for one in told} == {r.name for r in by_identifier().values()}
    statuses = []
    token = {}
    while True:
        answer = config.describe_config_rule_evaluation_status(**token)
        statuses += answer["ConfigRulesEvaluationStatus"]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    # A service that is not there cannot be asked, and its rules say so.
    absent = "The local AWS has no service"
    failed = {
        one["ConfigRuleName"]: one["LastErrorMessage"] for one in statuses if "LastErrorCode" in one
    }
    assert {name: why for name, why in failed.items() if not why.startswith(absent)} == {}
    assert len(failed) <= 1
    evaluated = {o["ConfigRuleName"] for o in statuses if "LastSuccessfulEvaluationTime" in o}
    assert evaluated == {rule.name for rule in by_identifier().values()} - failed.keys()
