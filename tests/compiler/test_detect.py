"""The detection stacks: each account has the rules of the guardrails in force in it, and records at
once what they wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from landrail.compiler.guardrails.choosing import chosen
from landrail.compiler.parts.config_rules import Detected, continuous, detected, resources
from landrail.compiler.platform import wanted_of
from landrail.inventory.catalogue import tables
from landrail.inventory.unnamed import UNNAMED
from landrail.resources import Stack, Wanted
from landrail.rules import Rule
from landrail.rules.catalogue import rules


def made(wanted: Wanted, account: str, kind: str) -> Iterator[dict[str, Any]]:
    for stack in wanted.of_kind(Stack):
        if stack.account == account and stack.name.startswith("landrail-detect"):
            for one in stack.template["Resources"].values():
                if one["Type"] == f"AWS::Config::{kind}":
                    yield one["Properties"]


def identifiers(wanted: Wanted, account: str) -> set[str]:
    found = (one["Source"].get("SourceIdentifier") for one in made(wanted, account, "ConfigRule"))
    return {name for name in found if name}


def test_every_account_checks_what_it_holds(two: Wanted) -> None:
    buckets = {
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        "S3_BUCKET_VERSIONING_ENABLED",
    }
    accounts = {s.account for s in two.of_kind(Stack) if s.name == "landrail-detect"}
    assert {"management", "audit", "retail-uat"} <= accounts
    for account in accounts:
        assert buckets <= identifiers(two, account)
    studio = {"SAGEMAKER_DOMAIN_IN_VPC", "SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS"}
    assert studio <= identifiers(two, "retail-data-science")
    assert not studio & identifiers(two, "log-archive")


def test_rules_follow_the_file(build) -> None:
    versioned = next(
        g.id
        for g, _ in chosen(build(["retail"])).in_force("uat", "Workloads")
        if any(d.rule == "s3-bucket-versioning-enabled" for d in g.detective)
    )
    off = [{versioned: {"mode": "off", "in": ["uat"], "reason": "tried elsewhere"}}]
    wanted = wanted_of(build(["retail"], guardrails=["recommended", *off]))
    assert "S3_BUCKET_VERSIONING_ENABLED" not in identifiers(wanted, "retail-uat")
    assert "S3_BUCKET_VERSIONING_ENABLED" in identifiers(wanted, "retail-production")


def test_what_rules_wait_for_is_recorded_at_once_and_all_else_daily(two: Wanted) -> None:
    (recorder,) = made(two, "retail-uat", "ConfigurationRecorder")
    mode = recorder["RecordingMode"]
    assert mode["RecordingFrequency"] == "DAILY"
    (override,) = mode["RecordingModeOverrides"]
    assert override["RecordingFrequency"] == "CONTINUOUS"
    scopes = [one.get("Scope", {}) for one in made(two, "retail-uat", "ConfigRule")]
    scoped = {kind for scope in scopes for kind in scope.get("ComplianceResourceTypes", ())}
    assert set(override["ResourceTypes"]) == scoped - UNNAMED
    assert "AWS::S3::Bucket" in override["ResourceTypes"]


def test_recorders_name_types_that_config_knows() -> None:
    model = botocore.session.get_session().get_service_model("config")
    known = set(model.shape_for("ResourceType").enum)
    ours = {kind for table in tables().values() for kind in (table.resource_type, *table.also)}
    assert ours - UNNAMED <= known
    assert UNNAMED & known == set()
    assert UNNAMED - ours == set()


def test_no_rule_has_a_blank_parameter_or_one_of_the_audit_only(two: Wanted) -> None:
    names = set()
    for rule in made(two, "retail-production", "ConfigRule"):
        names.add(rule["ConfigRuleName"])
        assert all(value.strip() for value in rule.get("InputParameters", {}).values())
        assert len(rule["Description"]) <= 256
    assert not names & {rule.name for rule in rules().values() if rule.audit_only}
    assert len(names) > 20


@pytest.fixture
def guardrail(build):
    return chosen(build(["retail"])).guardrails[0]


def test_a_rule_of_ones_own_is_a_policy_rule(guardrail) -> None:
    rule = Rule(
        name="own",
        table="s3_buckets",
        wrong="TRUE",
        says="x",
        guard="rule named { resourceName exists }",
    )
    (properties,) = (
        one["Properties"] for one in resources([Detected("own", rule, guardrail, {})]).values()
    )
    source = properties["Source"]
    assert source["Owner"] == "CUSTOM_POLICY"
    assert source["CustomPolicyDetails"]["PolicyText"] == rule.policy({})
    assert properties["Scope"] == {"ComplianceResourceTypes": ["AWS::S3::Bucket"]}
    assert continuous([Detected("own", rule, guardrail, {})]) == ["AWS::S3::Bucket"]


def test_the_rules_of_an_account_are_the_same_every_time(build) -> None:
    platform = build(["retail"])
    account = next(iter(platform.accounts_made()))
    assert detected(chosen(platform), account) == detected(chosen(platform), account)
