"""One file, with and without Control Tower: the same holds, and nothing is there twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from tower_platform import ACCOUNTS, Standing, effects

from landrail.diagnostics import Failure
from landrail.operations.audit.recorded import from_aggregator
from landrail.operations.can import can
from landrail.operations.tower import set_up

pytestmark = pytest.mark.xdist_group("control-tower")

_UAT = "arn:aws:iam::passengers-uat:role"
ASKED = {
    ("adam@passengers-uat", "config:StopConfigurationRecorder", "*"): False,
    ("adam@passengers-uat", "config:PutConfigurationRecorder", "*"): False,
    ("adam@passengers-uat", "cloudtrail:StopLogging", "*"): False,
    ("adam@passengers-uat", "organizations:LeaveOrganization", "*"): False,
    ("adam@passengers-uat", "iam:UpdateAssumeRolePolicy", f"{_UAT}/landrail/platform"): False,
    ("adam@passengers-uat", "iam:CreateRole", f"{_UAT}/own"): True,
    ("adam@passengers-uat", "ec2:DescribeInstances", "*"): True,
    ("audrey@passengers-uat", "config:DescribeConfigRules", "*"): True,
    ("audrey@passengers-uat", "iam:CreateRole", f"{_UAT}/own"): False,
    ("arn:aws:iam::passengers-uat:root", "iam:CreateRole", f"{_UAT}/own"): False,
    ("arn:aws:iam::audit:root", "iam:ListRoles", "*"): False,
}


def test_a_second_plan_is_empty(standing: Standing) -> None:
    """Whoever governs."""
    plan = standing.seen.plan
    assert [str(c.address) for c in (*plan.pending, *plan.refused)] == []


def test_what_was_not_expected_is_told(standing: Standing) -> None:
    """A platform that was applied without a thought of Control Tower says what comes first."""
    if standing.governed:
        assert not set_up(standing.file, "3.3").made
        return
    with pytest.raises(Failure) as unexpected:
        set_up(standing.file, "3.3")
    assert "control_tower: expected" in str(unexpected.value.remedy)
    standing.write("existing")
    try:
        with pytest.raises(Failure) as unread:
            standing.prepare()
    finally:
        standing.write("none")
    assert "cannot be looked for" in str(unread.value)
    assert "write `expected`" in str(unread.value.remedy)


def test_each_account_is_recorded_once(standing: Standing) -> None:
    """By Control Tower where it does, else by the platform."""
    theirs = standing.zone is not None and standing.zone.config
    for account in ACCOUNTS:
        found = standing.call(account, "config", "DescribeConfigurationRecorderStatus")
        recorders = found["ConfigurationRecordersStatus"]
        assert [r["recording"] for r in recorders] == [True]
        expected = theirs and account != "management"
        assert recorders[0]["name"].startswith("aws-controltower-") is expected
        channels = standing.call(account, "config", "DescribeDeliveryChannels")
        assert len(channels["DeliveryChannels"]) == 1


def test_the_organization_has_one_trail(standing: Standing) -> None:
    """And it logs."""
    trail = trail_of(standing)
    own = standing.zone is None or not standing.zone.trail
    assert trail["Name"] == ("landrail" if own else "aws-controltower-BaselineCloudTrail")
    status = standing.call("management", "cloudtrail", "GetTrailStatus", Name=trail["Name"])
    assert status["IsLogging"]


def trail_of(standing: Standing) -> dict[str, Any]:
    """The one trail of the organization."""
    listed = standing.call("management", "cloudtrail", "DescribeTrails")["trailList"]
    (found,) = [trail for trail in listed if trail["IsOrganizationTrail"]]
    return dict(found)


def test_no_rule_is_there_twice(standing: Standing) -> None:
    """A control and a rule of ours are never the same rule with the same parameters."""
    for account in ACCOUNTS:
        rules: list[tuple[str, str]] = []
        token: dict[str, str] = {}
        while True:
            page = standing.call(account, "config", "DescribeConfigRules", **token)
            rules += [
                (said_of(standing, account, rule), rule.get("InputParameters", "{}"))
                for rule in page["ConfigRules"]
            ]
            if not page.get("NextToken"):
                break
            token = {"NextToken": page["NextToken"]}
        assert rules
        assert [rule for rule, count in Counter(rules).items() if count > 1] == []


def said_of(standing: Standing, account: str, rule: dict[str, Any]) -> str:
    """What a rule looks for: the identifier of AWS's, or the text of its own."""
    if rule["Source"]["Owner"] == "AWS":
        return str(rule["Source"]["SourceIdentifier"])
    name = rule["ConfigRuleName"]
    found = standing.call(account, "config", "GetCustomRulePolicy", ConfigRuleName=name)
    return str(found["PolicyText"])


def test_no_control_is_enabled_twice(standing: Standing) -> None:
    """On an OU, or on one of those above it."""
    enabled = [key.split(" -> ") for key in standing.seen.observed.controls]
    assert bool(enabled) is standing.governed
    for name, unit in enabled:
        above = [u for n, u in enabled if n == name and unit.startswith(f"{u}/")]
        assert above == [], (name, unit)


def test_controls_that_nothing_asks_for_any_more_go(standing: Standing) -> None:
    """Also where they are all that Control Tower does here."""
    if standing.zone is None or standing.zone.config:
        return
    before = standing.file.read_text(encoding="utf-8")
    off = "guardrails: [recommended, {deny-root-user: {mode: off, reason: tried}}]\n"
    standing.file.write_text(before + off, encoding="utf-8")
    try:
        plan = standing.prepare().plan
    finally:
        standing.file.write_text(before, encoding="utf-8")
    going = {c.address.name for c in plan.pending if c.address.kind == "control"}
    assert going == {key.replace(" -> ", " -> ou/") for key in standing.seen.observed.controls}
    assert going


def test_there_is_one_aggregator(standing: Standing) -> None:
    """In the audit account; an audit from it sees who is recorded for it."""
    found = [
        (account, one["ConfigurationAggregatorName"])
        for account in ACCOUNTS
        for one in standing.call(account, "config", "DescribeConfigurationAggregators")[
            "ConfigurationAggregators"
        ]
    ]
    theirs = standing.zone is not None and standing.zone.config
    name = "aws-controltower-GuardrailsComplianceAggregator" if theirs else "landrail"
    assert found == [("audit", name)]
    ids = {name: one.account_id for name, one in standing.seen.observed.accounts.items()}
    source = from_aggregator(standing.seen.target.entrances, ids["audit"])
    # Control Tower gathers from the accounts that it governs.
    left_out = {"management"} if theirs else set()
    assert source.accounts == {ids[name] for name in ACCOUNTS if name not in left_out}
    assert {item.account_id for item in source.items} == source.accounts


def test_what_is_logged_is_kept_once(standing: Standing) -> None:
    """Each trail and recorder delivers to one bucket, and ours takes no trail where there is one
    of Control Tower."""
    trail = trail_of(standing)
    ids = {name: one.account_id for name, one in standing.seen.observed.accounts.items()}
    own = f"acme-air-log-archive-{ids['log-archive']}"
    zone = standing.zone
    assert (trail["S3BucketName"] == own) is (zone is None or not zone.trail)
    for account in ACCOUNTS:
        (channel,) = standing.call(account, "config", "DescribeDeliveryChannels")[
            "DeliveryChannels"
        ]
        theirs = zone is not None and zone.config and account != "management"
        assert (channel["s3BucketName"] == own) is not theirs
    policy = standing.call("log-archive", "s3", "GetBucketPolicy", Bucket=own)["Policy"]
    assert ("cloudtrail.amazonaws.com" in policy) is (zone is None or not zone.trail)


@pytest.mark.parametrize("account", ["passengers-uat", "audit"])
def test_no_statement_is_in_force_twice(standing: Standing, account: str) -> None:
    """Of the policies from the root down to the account, ours and Control Tower's."""
    ours = effects(standing.policies(account, ours=True))
    theirs = effects(standing.policies(account, ours=False))
    assert [one for one, count in ours.items() if count > 1] == []
    assert set(ours) & set(theirs) == set()
    assert bool(theirs) is standing.governed
    if theirs and account == "passengers-uat":
        sids = {str(one.get("Sid")) for one in standing.policies(account, ours=False)}
        assert "GRRESTRICTROOTUSER" in sids
        assert "DenyRootUser" not in {
            str(one.get("Sid")) for one in standing.policies(account, ours=True)
        }


@pytest.mark.parametrize("asked", sorted(ASKED))
def test_the_same_may_do_the_same(standing: Standing, asked: tuple[str, str, str]) -> None:
    """Decided by the gate."""
    who, action, resource = asked
    if who.startswith("arn:"):
        ids = {n: a.account_id for n, a in standing.seen.observed.accounts.items()}
        name = who.split(":")[4]
        who = who.replace(name, ids[name])
    assert can(standing.file, who, action, resource, ()).allowed is ASKED[asked]
