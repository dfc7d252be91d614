"""Settings of the account: each rule finds the account while one is wrong, and not when it is
right."""

from __future__ import annotations

import pytest
from made_account import SWITCHED
from made_ec2 import default_group


@pytest.mark.parametrize("setting", SWITCHED, ids=[one.rules[0] for one in SWITCHED])
def test_a_setting_is_found_while_it_is_wrong(place, setting):
    setting.wrong(place)
    found, _ = place.found(setting.rules, setting.parameters)
    assert found == {key: {place.account} for key in setting.rules}
    setting.right(place)
    found, _ = place.found(setting.rules, setting.parameters)
    assert found == {key: set() for key in setting.rules}


def found_by(place, rule):
    return place.found([rule])[0][rule]


def test_a_default_group_is_found_while_it_lets_something_through(place):
    rule = "vpc-default-security-group-closed"
    for closed, wrong in ((False, {"default"}), (True, set())):
        found, _ = place.found([rule], only=[default_group(place, closed)])
        assert found == {rule: wrong}


def test_a_trail_is_found_by_what_it_lacks(place):
    cloudtrail = place.client("cloudtrail")
    if not place.rows("cloudtrail_trails"):
        next(one for one in SWITCHED if "cloud-trail-enabled" in one.rules).right(place)
    (trail,) = place.rows("cloudtrail_trails")
    assert trail["multi_region"]
    assert trail["validates_files"]
    assert found_by(place, "cloud-trail-encryption-enabled") == {trail["resource_name"]}
    assert found_by(place, "cloud-trail-log-file-validation-enabled") == set()
    cloudtrail.stop_logging(Name=trail["resource_name"])
    assert found_by(place, "cloud-trail-logging") == {trail["resource_name"]}
    cloudtrail.start_logging(Name=trail["resource_name"])
    assert found_by(place, "cloud-trail-logging") == set()
