"""Settings of the account: each rule finds the account while one is wrong, and not when it is
right."""

from __future__ import annotations

import pytest
from made_account import SWITCHED


@pytest.mark.parametrize("setting", SWITCHED, ids=[one.rules[0] for one in SWITCHED])
def test_a_setting_is_found_while_it_is_wrong(place, setting):
    setting.wrong(place)
    for rule in setting.rules:
        assert place.found(rule, setting.parameters)[0] == {place.account}
    setting.right(place)
    for rule in setting.rules:
        assert place.found(rule, setting.parameters)[0] == set()


def test_a_trail_is_found_by_what_it_lacks(place):
    cloudtrail = place.client("cloudtrail")
    if not place.rows("cloudtrail_trails"):
        next(one for one in SWITCHED if "cloud-trail-enabled" in one.rules).right(place)
    (trail,) = place.rows("cloudtrail_trails")
    assert trail["multi_region"]
    assert trail["validates_files"]
    assert place.found("cloud-trail-encryption-enabled")[0] == {trail["resource_name"]}
    assert place.found("cloud-trail-log-file-validation-enabled")[0] == set()
    cloudtrail.stop_logging(Name=trail["resource_name"])
    assert place.found("cloud-trail-logging")[0] == {trail["resource_name"]}
    cloudtrail.start_logging(Name=trail["resource_name"])
    assert place.found("cloud-trail-logging")[0] == set()
