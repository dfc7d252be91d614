"""A landing zone 3.x: what it makes, what it governs, what it refuses.

Source: AWS Control Tower User Guide and API Reference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from landing import BASELINE, REGION, Tower, classic, refusal, until

PUBLIC_READ = "arn:aws:controlcatalog:::control/8sw3pbid15t9cbww8d2w2qwgf"
ROOT_USER = "arn:aws:controlcatalog:::control/5kvme4m5d2b4d7if2fs5yg2ui"
RULE = "AWSControlTower_AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED"
RECORDER = "aws-controltower-BaselineConfigRecorder"


@pytest.fixture(scope="module")
def tower(own_local_aws: Any) -> Tower:
    """An organization with a landing zone and an OU `Workloads` with the account `one`."""
    tower = Tower(own_local_aws)
    log, audit, one = (tower.local.account(name) for name in ("log", "audit", "one"))
    tower.role()
    begun = tower.api.create_landing_zone(version="3.3", manifest=classic(log, audit))
    assert tower.ended(begun["operationIdentifier"], "zone")["status"] == "SUCCEEDED"
    tower.zone = begun["arn"]
    tower.workloads = tower.unit("Workloads")
    tower.move(one, tower.workloads[0])
    return tower


@pytest.fixture(scope="module")
def registered(tower: Tower) -> str:
    """The ARN of the OU, registered."""
    arn = tower.workloads[1]
    begun = _enable(tower, arn)
    assert tower.ended(begun["operationIdentifier"])["status"] == "SUCCEEDED"
    return str(arn)


def _enable(tower: Tower, target: str, version: str = "4.0") -> Any:
    return tower.api.enable_baseline(
        baselineIdentifier=BASELINE, baselineVersion=version, targetIdentifier=target
    )


def _control(tower: Tower, target: str, control: str = PUBLIC_READ) -> Any:
    return tower.api.enable_control(controlIdentifier=control, targetIdentifier=target)


def test_a_landing_zone_has_its_unit_trail_recorders_and_aggregator(tower: Tower) -> None:
    """What AWS documents, under the names that it documents."""
    shown = tower.api.get_landing_zone(landingZoneIdentifier=tower.zone)["landingZone"]
    assert (shown["status"], shown["version"]) == ("ACTIVE", "3.3")
    assert tower.api.list_landing_zones()["landingZones"] == [{"arn": tower.zone}]
    log, audit = tower.local.accounts["log"], tower.local.accounts["audit"]
    root = tower.root()
    units = tower.organizations.list_organizational_units_for_parent(ParentId=root)
    security = next(u for u in units["OrganizationalUnits"] if u["Name"] == "Security")
    inside = tower.organizations.list_accounts_for_parent(ParentId=security["Id"])["Accounts"]
    assert {a["Id"] for a in inside} == {log, audit}
    trail = tower.local.client("cloudtrail").describe_trails()["trailList"]
    assert [t["Name"] for t in trail] == ["aws-controltower-BaselineCloudTrail"]
    assert trail[0]["IsOrganizationTrail"]
    assert trail[0]["S3BucketName"] == f"aws-controltower-logs-{log}-{REGION}"
    status = tower.member(log, "config").describe_configuration_recorder_status()
    assert [s["recording"] for s in status["ConfigurationRecordersStatus"]] == [True]
    found = tower.member(audit, "config").describe_configuration_aggregators()
    (aggregator,) = found["ConfigurationAggregators"]
    assert (
        aggregator["ConfigurationAggregatorName"]
        == "aws-controltower-GuardrailsComplianceAggregator"
    )
    assert {"GRCONFIGENABLED", "GRAUDITBUCKETDELETIONPROHIBITED"} <= set(
        tower.policies(security["Id"])
    )


def test_there_is_one_landing_zone(tower: Tower) -> None:
    """A second one is a conflict."""
    accounts = tower.local.accounts
    manifest = classic(accounts["log"], accounts["audit"])
    with refusal("ConflictException"):
        tower.api.create_landing_zone(version="3.3", manifest=manifest)


@pytest.mark.parametrize(
    ("version", "change"),
    [
        ("9.9", {}),
        ("3.3", {"config": {"enabled": True}}),
        ("3.3", {"securityRoles": {}}),
        ("3.3", {"governedRegions": ["us-east-1"]}),
        ("3.3", {"centralizedLogging": {"accountId": "210987654321"}}),
        ("3.1", {}),
    ],
)
def test_a_wrong_manifest_is_refused(tower: Tower, version: str, change: dict[str, Any]) -> None:
    """Each with what is wrong; a downgrade too."""
    accounts = tower.local.accounts
    manifest = {**classic(accounts["log"], accounts["audit"]), **change}
    with refusal("ValidationException"):
        tower.api.update_landing_zone(
            landingZoneIdentifier=tower.zone, version=version, manifest=manifest
        )


def test_a_control_needs_a_registered_unit(tower: Tower) -> None:
    """As AWS says it."""
    _, arn = tower.unit("Stray")
    with refusal("ResourceNotFoundException", "is not registered with AWS Control Tower"):
        _control(tower, arn)
    with refusal("ValidationException"):
        _control(tower, arn.replace(":ou/", ":account/"))


def test_registering_enrols_accounts_and_attaches_policies(tower: Tower, registered: str) -> None:
    """The recorder that it makes nobody changes; Control Tower's own role does."""
    one = tower.local.accounts["one"]
    config = tower.member(one, "config")
    found = config.describe_configuration_recorders()["ConfigurationRecorders"]
    assert [recorder["name"] for recorder in found] == [RECORDER]
    with refusal("AccessDeniedException", "explicit deny in a service control policy"):
        config.stop_configuration_recorder(ConfigurationRecorderName=RECORDER)
    assert "GRCONFIGENABLED" in tower.policies(tower.workloads[0])
    listed = tower.api.list_enabled_baselines(
        includeChildren=True, filter={"targetIdentifiers": [registered]}
    )["enabledBaselines"]
    (parent,) = listed
    children = tower.api.list_enabled_baselines(filter={"parentIdentifiers": [parent["arn"]]})
    (child,) = children["enabledBaselines"]
    assert child["targetIdentifier"].endswith(one)
    assert child["statusSummary"]["status"] == "SUCCEEDED"


def test_what_is_enabled_is_not_enabled_again(tower: Tower, registered: str) -> None:
    """Baselines and controls both."""
    with refusal("ConflictException", "already enabled"):
        _enable(tower, registered)
    begun = _control(tower, registered, ROOT_USER)
    assert tower.ended(begun["operationIdentifier"], "control")["status"] == "SUCCEEDED"
    with refusal("ConflictException", "already enabled"):
        _control(tower, registered, ROOT_USER)
    assert "GRRESTRICTROOTUSER" in tower.policies(tower.workloads[0])
    legacy = f"arn:aws:controltower:{REGION}::control/AWS-GR_RESTRICT_ROOT_USER"
    with refusal("ConflictException", "already enabled"):
        _control(tower, registered, legacy)
    with refusal("ValidationException", "SCPs"):
        tower.api.reset_enabled_control(enabledControlIdentifier=begun["arn"])


def test_a_detective_control_is_a_rule_in_each_account(tower: Tower, registered: str) -> None:
    """It comes with EnableControl and goes with DisableControl."""
    config = tower.member(tower.local.accounts["one"], "config")

    def rules() -> list[str]:
        return [rule["ConfigRuleName"] for rule in config.describe_config_rules()["ConfigRules"]]

    begun = _control(tower, registered)
    operation = tower.ended(begun["operationIdentifier"], "control")
    assert (operation["status"], operation["enabledControlIdentifier"]) == (
        "SUCCEEDED",
        begun["arn"],
    )
    assert rules() == [RULE]
    again = tower.api.reset_enabled_control(enabledControlIdentifier=begun["arn"])
    assert tower.ended(again["operationIdentifier"], "control")["status"] == "SUCCEEDED"
    shown = tower.api.get_enabled_control(enabledControlIdentifier=begun["arn"])
    assert shown["enabledControlDetails"]["targetRegions"] == [{"name": REGION}]
    ended = tower.api.disable_control(controlIdentifier=PUBLIC_READ, targetIdentifier=registered)
    assert tower.ended(ended["operationIdentifier"], "control")["status"] == "SUCCEEDED"
    assert rules() == []
    operations = tower.api.list_control_operations(
        filter={"controlIdentifiers": [PUBLIC_READ], "controlOperationTypes": ["DISABLE_CONTROL"]}
    )["controlOperations"]
    assert [one["operationIdentifier"] for one in operations] == [ended["operationIdentifier"]]


def test_the_audit_account_sees_what_is_recorded(tower: Tower, registered: str) -> None:
    """Its aggregator has the buckets of the accounts that are enrolled."""
    one, audit = tower.local.accounts["one"], tower.local.accounts["audit"]
    tower.member(one, "s3").create_bucket(
        Bucket=f"seen-{one}", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    config = tower.member(audit, "config")

    def seen() -> bool:
        answer = config.select_aggregate_resource_config(
            Expression="SELECT resourceName WHERE resourceType = 'AWS::S3::Bucket'",
            ConfigurationAggregatorName="aws-controltower-GuardrailsComplianceAggregator",
        )
        return any(f"seen-{one}" in result for result in answer["Results"])

    assert until(seen)
    assert registered


def test_nested_units_come_after_their_parents(tower: Tower, registered: str) -> None:
    """And an account that comes later is enrolled by a reset."""
    below, arn = tower.unit("Nested", tower.workloads[0])
    deeper, deep_arn = tower.unit("Deep", below)
    with refusal("ValidationException", "is not registered"):
        _enable(tower, deep_arn)
    enabled = _enable(tower, arn)
    assert tower.ended(enabled["operationIdentifier"])["status"] == "SUCCEEDED"
    late = tower.local.account("late")
    tower.move(late, below)
    reset = tower.api.reset_enabled_baseline(enabledBaselineIdentifier=enabled["arn"])
    assert tower.ended(reset["operationIdentifier"])["status"] == "SUCCEEDED"
    found = tower.member(late, "config").describe_configuration_recorders()
    assert [one["name"] for one in found["ConfigurationRecorders"]] == [RECORDER]
    assert deeper


def test_an_account_that_is_recorded_already_is_not_enrolled(tower: Tower) -> None:
    """AWS takes one recorder an account and region."""
    busy = tower.local.account("busy")
    config = tower.member(busy, "config")
    role = f"arn:aws:iam::{busy}:role/OrganizationAccountAccessRole"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "mine", "roleARN": role})
    unit, arn = tower.unit("Busy")
    tower.move(busy, unit)
    enabled = _enable(tower, arn)
    ended = tower.ended(enabled["operationIdentifier"])
    assert ended["status"] == "FAILED"
    assert "configuration recorder mine" in ended["statusMessage"]
    tower.move(busy, tower.root())
    config.delete_configuration_recorder(ConfigurationRecorderName="mine")
    tower.move(busy, unit)
    again = tower.api.reset_enabled_baseline(enabledBaselineIdentifier=enabled["arn"])
    assert tower.ended(again["operationIdentifier"])["status"] == "SUCCEEDED"


def test_versions_and_parameters_have_to_fit(tower: Tower) -> None:
    """The baseline fits the landing zone; Identity Center is off."""
    _, arn = tower.unit("Fitting")
    with refusal("ValidationException", "not compatible"):
        _enable(tower, arn, "5.0")
    with refusal("ResourceNotFoundException"):
        _enable(tower, f"{arn[:-3]}zzz")
    with refusal("ValidationException"):
        tower.api.enable_baseline(
            baselineIdentifier=f"arn:aws:controltower:{REGION}::baseline/4T4HA1KMO10S6311",
            baselineVersion="1.0",
            targetIdentifier=arn,
        )


def test_members_do_not_govern(tower: Tower) -> None:
    """Only the management account does."""
    member = tower.member(tower.local.accounts["one"], "controltower")
    with refusal("AccessDeniedException"):
        member.create_landing_zone(version="4.0")


def test_tags_of_an_enabled_baseline(tower: Tower, registered: str) -> None:
    """Put, read, taken away."""
    listed = tower.api.list_enabled_baselines(filter={"targetIdentifiers": [registered]})
    arn = listed["enabledBaselines"][0]["arn"]
    tower.api.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    tower.api.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert tower.api.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    with refusal("ResourceNotFoundException"):
        tower.api.list_tags_for_resource(resourceArn=f"{arn}X")


def test_the_catalogue_names_controls_by_alias(tower: Tower) -> None:
    """With their rules; one that is not there is refused."""
    catalog = tower.local.client("controlcatalog")
    pages = catalog.get_paginator("list_controls").paginate(PaginationConfig={"PageSize": 10})
    found = {c["Aliases"][0]: c for page in pages for c in page["Controls"]}
    assert len(found) > 40
    control = found["AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED"]
    assert control["Arn"] == PUBLIC_READ
    assert control["Implementation"]["Identifier"] == "S3_BUCKET_PUBLIC_READ_PROHIBITED"
    assert catalog.get_control(ControlArn=ROOT_USER)["Behavior"] == "PREVENTIVE"
    with refusal("ResourceNotFoundException"):
        catalog.get_control(ControlArn=f"{ROOT_USER}x")


def test_the_zone_is_repaired(tower: Tower) -> None:
    """A reset makes what somebody has taken away."""
    config = tower.member(tower.local.accounts["audit"], "config")
    begun = tower.api.reset_landing_zone(landingZoneIdentifier=tower.zone)
    assert tower.ended(begun["operationIdentifier"], "zone")["status"] == "SUCCEEDED"
    assert config.describe_configuration_recorders()["ConfigurationRecorders"]


def test_operations_go_on_after_a_kill(launch: Any, tmp_path: Path) -> None:
    """What was answered is done, if not before the kill then after it."""
    running = launch(tmp_path, "--port", "0")
    tower = Tower(running.local)
    log, audit = tower.local.account("log"), tower.local.account("audit")
    tower.role()
    begun = tower.api.create_landing_zone(version="3.3", manifest=classic(log, audit))
    running.kill()
    again = Tower(launch(tmp_path, "--port", "0").local)
    assert again.ended(begun["operationIdentifier"], "zone")["status"] == "SUCCEEDED"
    trails = again.local.client("cloudtrail").describe_trails()["trailList"]
    assert len(trails) == 1
