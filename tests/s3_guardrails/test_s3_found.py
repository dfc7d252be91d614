"""What break-glass made against the guardrails of S3 is found by the audit and by Config, and
nothing else is; a fix mends what is safe to mend, and says why it leaves the rest."""

from __future__ import annotations

import contextlib
import io
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import pytest
from guarded_world import World
from ways import MADE, Way, names_of

from landrail.cli import main
from landrail.rules.catalogue import rules

OPEN, CLOSED = "retail-production", "retail-data-science"
_LONGEST = 120


@dataclass
class Broken:
    """What was made: names by way, and what the audit found, by resource and rule."""

    world: World
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    found: set[tuple[str, str]] = field(default_factory=set)

    def expected(self, way: Way) -> set[tuple[str, str]]:
        """The findings of a way."""
        return {(name, rule) for rule, name in way.about("found", self.names[way.name]).items()}


def account_of(way: Way) -> str:
    """The account that a way is made in."""
    return OPEN if way.open else CLOSED


def audited(world: World, *more: str) -> Any:
    """The audit of the two accounts, as JSON."""
    only = ["--account", OPEN, "--account", CLOSED]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["audit", "-f", str(world.platform.file), "--json", *only, *more])
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def broken(world: World) -> Broken:
    """Every way that can be gone, gone."""
    made = Broken(world)
    for way in MADE:
        actor = world.break_glass(account_of(way))
        names = made.names[way.name] = names_of(actor, way)
        for part in ("ready", "before", "calls"):
            for call, params in way.calls(part, names):
                actor.call(call, params)
    found = audited(world)["findings"]
    made.found = {(one["resource_id"], one["rule"]) for one in found}
    return made


@pytest.mark.parametrize("way", MADE, ids=lambda way: way.name)
def test_the_audit_finds_it(way: Way, broken: Broken) -> None:
    mine = {(name, rule) for name, rule in broken.found if name in broken.names[way.name].values()}
    assert broken.expected(way) <= broken.found
    account = broken.names[way.name]["account"]
    assert {one for one in mine if one[0] != account} <= broken.expected(way)


def test_the_audit_finds_nothing_else(broken: Broken) -> None:
    expected = {one for way in MADE for one in broken.expected(way)}
    assert broken.found == expected


@pytest.mark.parametrize("way", MADE, ids=lambda way: way.name)
def test_config_finds_it(way: Way, broken: Broken) -> None:
    config = broken.world.break_glass(account_of(way)).client("config")
    for name, rule in broken.expected(way):
        if rules()[rule].audit_only:
            continue
        assert name in _not_compliant(config, rule, name), rule
        told = config.describe_compliance_by_config_rule(ConfigRuleNames=[rule])
        (one,) = told["ComplianceByConfigRules"]
        assert one["Compliance"]["ComplianceType"] == "NON_COMPLIANT"


def _not_compliant(config: Any, rule: str, name: str) -> set[str]:
    """The resources that a rule names, once it has heard of this one."""
    begun = time.monotonic()
    found: set[str] = set()
    config.start_config_rules_evaluation(ConfigRuleNames=[rule])
    while name not in found and time.monotonic() - begun < _LONGEST:
        told = config.get_compliance_details_by_config_rule(
            ConfigRuleName=rule, ComplianceTypes=["NON_COMPLIANT"], Limit=100
        )["EvaluationResults"]
        of = [one["EvaluationResultIdentifier"]["EvaluationResultQualifier"] for one in told]
        found = {one["ResourceId"] for one in of}
        if name not in found:
            time.sleep(0.2)
    return found


def test_nobody_reads_what_is_open(broken: Broken) -> None:
    """Bucket, account and policy let everybody in; the organization does not."""
    here = broken.world.break_glass(OPEN).environment["AWS_ENDPOINT_URL"]
    for way in MADE:
        if way.open:
            with pytest.raises(urllib.error.HTTPError, match="403") as caught:
                urllib.request.urlopen(f"{here}/{broken.names[way.name]['bucket']}/there")
            caught.value.close()


def test_a_fix_mends_what_is_safe_to_mend_and_leaves_the_rest(broken: Broken) -> None:
    done = audited(broken.world, "--fix", "--auto-approve")
    left = {_subject(step): step["says"] for step in done["plan"] if not step["calls"]}
    why = {
        (broken.names[way.name]["point" if "access-point" in rule else "bucket"], rule): text
        for way in MADE
        for rule, text in way.about("left", broken.names[way.name]).items()
    }
    assert left.keys() == why.keys()
    assert {one: text for one, text in left.items() if why[one] not in text} == {}
    assert [one for one in done["fixes"] if not one["repaired"]] == []
    assert len(done["fixes"]) == len(broken.found) - len(left)
    again = audited(broken.world)["findings"]
    # Closed to everybody, a list grants nothing to anybody, and under the account's block no access
    # point is public.
    closed = ("s3-bucket-acl-prohibited", "s3-access-point-public")
    gone = {one for one in left if one[1] in closed}
    assert {(one["resource_id"], one["rule"]) for one in again} == left.keys() - gone


def _subject(step: Any) -> tuple[str, str]:
    return step["finding"]["resource_id"], step["finding"]["rule"]
