"""A landing zone 4.x: each integration is a choice, and the units are the customer's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from landing import BASELINE, Tower, modern, refusal

PUBLIC_READ = "arn:aws:controlcatalog:::control/8sw3pbid15t9cbww8d2w2qwgf"
ROOT_USER = "arn:aws:controlcatalog:::control/5kvme4m5d2b4d7if2fs5yg2ui"


@pytest.fixture
def made(launch: Callable[..., Any], tmp_path: Path) -> Tower:
    """An organization with the accounts of a landing zone, and none yet."""
    tower = Tower(launch(tmp_path, "--port", "0").local)
    for name in ("log", "audit", "one"):
        tower.local.account(name)
    tower.role()
    return tower


def _set_up(tower: Tower, *, on: bool = True, **more: Any) -> dict[str, Any]:
    accounts = tower.local.accounts
    manifest = {**modern(accounts["log"], accounts["audit"], on=on), **more}
    begun = tower.api.create_landing_zone(version="4.0", manifest=manifest)
    return tower.ended(begun["operationIdentifier"], "zone")


def test_with_all_integrations(made: Tower) -> None:
    """Its accounts stay where they are; Config has a bucket of its own."""
    accounts = made.local.accounts
    unit, _ = made.unit("Foundation")
    for name in ("log", "audit"):
        made.move(accounts[name], unit)
    assert _set_up(made)["status"] == "SUCCEEDED"
    config = made.member(accounts["log"], "config")
    (channel,) = config.describe_delivery_channels()["DeliveryChannels"]
    assert channel["s3BucketName"].startswith(f"aws-controltower-config-logs-{accounts['audit']}-")
    workloads, arn = made.unit("Workloads")
    made.move(accounts["one"], workloads)
    begun = made.api.enable_baseline(
        baselineIdentifier=BASELINE, baselineVersion="5.0", targetIdentifier=arn
    )
    assert made.ended(begun["operationIdentifier"])["status"] == "SUCCEEDED"
    assert "GRCONFIGENABLED" in made.policies(workloads)


def test_accounts_of_integrations_share_a_parent(made: Tower) -> None:
    """Else the operation fails, and says why."""
    unit, _ = made.unit("Foundation")
    made.move(made.local.accounts["log"], unit)
    ended = _set_up(made)
    assert ended["status"] == "FAILED"
    assert "same parent OU" in ended["statusMessage"]


def test_without_integrations_there_are_only_controls(made: Tower) -> None:
    """Nothing is made in accounts, and preventive controls go to any OU."""
    assert _set_up(made, on=False)["status"] == "SUCCEEDED"
    assert made.local.client("cloudtrail").describe_trails()["trailList"] == []
    unit, arn = made.unit("Workloads")
    made.move(made.local.accounts["one"], unit)
    with refusal("ValidationException", "AWS Config integration"):
        made.api.enable_baseline(
            baselineIdentifier=BASELINE, baselineVersion="5.0", targetIdentifier=arn
        )
    with refusal("ValidationException", "AWS Config integration"):
        made.api.enable_control(controlIdentifier=PUBLIC_READ, targetIdentifier=arn)
    begun = made.api.enable_control(controlIdentifier=ROOT_USER, targetIdentifier=arn)
    assert made.ended(begun["operationIdentifier"], "control")["status"] == "SUCCEEDED"
    assert list(made.policies(unit)) == ["GRRESTRICTROOTUSER"]


def test_every_switch_is_said(made: Tower) -> None:
    """`enabled` is required, and backup is not offered here."""
    account = made.local.accounts["log"]
    for section in (
        {"centralizedLogging": {"accountId": account}},
        {"backup": {"enabled": True}},
        {"organizationStructure": {"security": {"name": "Security"}}},
        {"config": {"enabled": True, "accountId": account}},
    ):
        with refusal("ValidationException"):
            made.api.create_landing_zone(version="4.0", manifest=section)


def test_without_its_role_nothing_is_made(launch: Callable[..., Any], tmp_path: Path) -> None:
    """The operation fails with the reason; given the role, an update succeeds."""
    tower = Tower(launch(tmp_path, "--port", "0").local)
    tower.local.account("log")
    begun = tower.api.create_landing_zone(version="4.0")
    ended = tower.ended(begun["operationIdentifier"], "zone")
    assert ended["status"] == "FAILED"
    assert "AWSControlTowerAdmin" in ended["statusMessage"]
    shown = tower.api.get_landing_zone(landingZoneIdentifier=begun["arn"])["landingZone"]
    assert shown["status"] == "FAILED"
    tower.role()
    again = tower.api.update_landing_zone(landingZoneIdentifier=begun["arn"], version="4.0")
    assert tower.ended(again["operationIdentifier"], "zone")["status"] == "SUCCEEDED"


def test_identity_center_is_named_where_it_is_on(made: Tower) -> None:
    """Its enabled baseline is a parameter of each OU's."""
    accounts = made.local.accounts
    unit, _ = made.unit("Foundation")
    for name in ("log", "audit"):
        made.move(accounts[name], unit)
    assert _set_up(made, accessManagement={"enabled": True})["status"] == "SUCCEEDED"
    _, arn = made.unit("Workloads")
    with refusal("ValidationException", "IdentityCenterEnabledBaselineArn is required"):
        made.api.enable_baseline(
            baselineIdentifier=BASELINE, baselineVersion="5.0", targetIdentifier=arn
        )
    found = made.api.list_enabled_baselines()["enabledBaselines"]
    (center,) = [b for b in found if b["baselineIdentifier"].endswith("LN25R72TTG6IGPTQ")]
    begun = made.api.enable_baseline(
        baselineIdentifier=BASELINE,
        baselineVersion="5.0",
        targetIdentifier=arn,
        parameters=[{"key": "IdentityCenterEnabledBaselineArn", "value": center["arn"]}],
    )
    assert made.ended(begun["operationIdentifier"])["status"] == "SUCCEEDED"
