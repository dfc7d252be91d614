"""Plans: what is named, what is refused, what is left alone."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_examples import (
    GIVEN,
    LAKE,
    WANTED,
    bucket,
    changes,
    planned,
    role,
    standing,
    template,
    wanting,
    with_stack,
)

from landrail.plan import (
    Action,
    Effect,
    Observed,
    ObservedAccount,
    ObservedAttachment,
    ObservedDrift,
    ObservedPolicy,
    ObservedUnit,
    Preview,
    cycle,
    make_destroy_plan,
    previewable,
)
from landrail.resources import Address


def replaced(observed, field, key, **changed):
    """The observed with one entry of a mapping changed; nothing changed means taken away."""
    entries = dict(getattr(observed, field))
    if changed:
        entries[key] = dataclasses.replace(entries[key], **changed)
    else:
        del entries[key]
    return dataclasses.replace(observed, **{field: entries})


def test_nothing_is_planned_where_everything_stands():
    assert changes() == {}


def test_everything_is_planned_where_nothing_stands():
    plan = planned(observed=Observed())
    actions = {str(c.address): c.action for c in plan.changes}
    assert actions.pop("organization/account/management") is Action.ADOPT
    assert actions.pop("data/access/OrganizationAccountAccessRole") is Action.UPDATE
    assert actions.pop("uat/access/OrganizationAccountAccessRole") is Action.UPDATE
    assert set(actions.values()) == {Action.CREATE}
    assert len(plan.changes) == len(WANTED.resources) + 2


def test_vending_order():
    plan = planned(observed=Observed())
    waits = {str(c.address): {str(d) for d in c.depends_on} for c in plan.changes}
    assert cycle(waits) is None
    assert "organization/attachment/base -> root" in waits["organization/account/uat"]
    assert "organization/ou/Workloads/UAT" in waits["organization/account/uat"]
    assert "management/operator" in waits["uat/baseline"]
    assert waits["data/defaults/account"] >= {"data/baseline"}
    assert waits["data/lake"] >= {"data/baseline", "data/defaults/account"}
    assert waits["uat/jobs"] >= {"data/lake", "uat/baseline"}
    assert waits["data/access/OrganizationAccountAccessRole"] == {
        "data/baseline",
        "data/lake",
        "data/defaults/account",
    }


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (
            lambda o: dataclasses.replace(o, attachments=frozenset()),
            {"organization/attachment/base -> root": "create"},
        ),
        (
            lambda o: replaced(o, "accounts", "uat", ou=None),
            {"organization/account/uat": "update"},
        ),
        (
            lambda o: replaced(o, "units", "Workloads/UAT", name="Tests"),
            {"organization/ou/Workloads/UAT": "update"},
        ),
        (
            lambda o: replaced(o, "policies", "base", document={"Statement": []}),
            {"organization/policy/base": "update"},
        ),
        (lambda o: with_stack(o, "uat", "jobs", gone=True), {"uat/jobs": "create"}),
        (lambda o: with_stack(o, "data", "lake", protected=False), {"data/lake": "update"}),
        (
            lambda o: with_stack(
                o,
                "uat",
                "baseline",
                drift=(
                    ObservedDrift("Platform", "AWS::IAM::Role", "MODIFIED", {"/A": ("1", "2")}),
                ),
            ),
            {"uat/baseline": "update"},
        ),
        (
            lambda o: with_stack(o, "uat", "jobs", status="ROLLBACK_COMPLETE"),
            {"uat/jobs": "create"},
        ),
        (
            lambda o: replaced(
                o,
                "contents",
                "uat",
                open_door=True,
            ),
            {"uat/access/OrganizationAccountAccessRole": "update"},
        ),
        (
            lambda o: replaced(
                o,
                "contents",
                "data",
                defaults=dataclasses.replace(o.contents["data"].defaults, default_vpcs=("vpc-1",)),
            ),
            {"data/defaults/account": "update"},
        ),
    ],
)
def test_an_edit_behind_our_back_is_named_and_nothing_else(edit, named):
    assert changes(observed=edit(standing())) == named


def test_a_stack_whose_outputs_others_use_is_named_alone_when_it_is_gone():
    observed = with_stack(standing(), "data", "lake", gone=True)
    assert changes(observed=observed) == {"data/lake": "create"}
    jobs = next(c for c in planned(observed=observed).changes if str(c.address) == "uat/jobs")
    assert jobs.facts["follows"] == ["data/lake"]


def test_a_new_account_shows_in_the_policies_that_must_name_it():
    changed = {**LAKE, "Resources": {**LAKE["Resources"], "Reader": role("@{account:new}")}}
    wanted = wanting(data__lake=changed)
    previews = {
        Address("data", "stack", "lake"): (Preview("Reader", "AWS::IAM::Role", "Modify", "False"),)
    }
    plan = planned(wanted, previews=previews)
    lake = next(c for c in plan.changes if str(c.address) == "data/lake")
    assert (lake.action, [d.name for d in lake.details]) == (Action.UPDATE, ["Role/Reader"])
    assert lake.details[0].effect is Effect.IN_PLACE


@pytest.mark.parametrize("replacement", ["True", "Conditional"])
def test_replacing_state_is_refused_until_it_is_accepted(replacement):
    resources = {**LAKE["Resources"], "Bucket": bucket("other")}
    wanted = wanting(data__lake={**LAKE, "Resources": resources})
    previews = {
        Address("data", "stack", "lake"): (
            Preview("Bucket", "AWS::S3::Bucket", "Modify", replacement),
        )
    }
    assert changes(wanted, previews=previews) == {"data/lake": "refused"}
    action = changes(wanted, previews=previews, accept=["data/lake"])["data/lake"]
    assert action == ("replace" if replacement == "True" else "update")


def test_changing_state_in_place_is_not_refused():
    changed = bucket("lake", VersioningConfiguration={"Status": "Enabled"})
    wanted = wanting(data__lake={**LAKE, "Resources": {**LAKE["Resources"], "Bucket": changed}})
    previews = {
        Address("data", "stack", "lake"): (Preview("Bucket", "AWS::S3::Bucket", "Modify", "False"),)
    }
    assert changes(wanted, previews=previews) == {"data/lake": "update"}
    assert changes(wanted) == {"data/lake": "refused"}, "unknown replacement is held for one"


def test_removing_state_is_refused_and_removing_others_is_not():
    rest = {"Reader": LAKE["Resources"]["Reader"]}
    wanted = wanting(data__lake={**LAKE, "Resources": rest})
    assert changes(wanted, previews={Address("data", "stack", "lake"): ()}) == {
        "data/lake": "refused"
    }
    wanted = dataclasses.replace(WANTED, resources=WANTED.resources[:-1])
    assert changes(wanted) == {"uat/jobs": "delete"}
    kept = tuple(r for r in WANTED.resources if r.address.name not in ("lake", "jobs"))
    wanted = dataclasses.replace(WANTED, resources=kept)
    assert changes(wanted) == {"data/lake": "refused", "uat/jobs": "delete"}
    assert changes(wanted, accept=["data/lake"]) == {"data/lake": "delete", "uat/jobs": "delete"}


def test_policies_of_ours_go_and_policies_of_others_stay():
    observed = standing()
    policies = {
        **observed.policies,
        "old": ObservedPolicy("p-9", "old", "SERVICE_CONTROL_POLICY", "", {}, ours=True),
        "theirs": ObservedPolicy("p-8", "theirs", "SERVICE_CONTROL_POLICY", "", {}),
        "FullAWSAccess": ObservedPolicy(
            "p-FullAWSAccess", "FullAWSAccess", "SERVICE_CONTROL_POLICY", "", {}, aws_managed=True
        ),
    }
    attachments = observed.attachments | {
        ObservedAttachment(name, "ou/Workloads") for name in ("old", "theirs", "FullAWSAccess")
    }
    observed = dataclasses.replace(observed, policies=policies, attachments=attachments)
    assert changes(observed=observed) == {
        "organization/attachment/old -> ou/Workloads": "delete",
        "organization/policy/old": "delete",
    }
    (notice,) = planned(observed=observed).notices
    assert "theirs" in notice.summary


def test_strangers_in_our_units_are_reported_and_suspended_accounts_tolerated():
    observed = standing()
    stranger = ObservedAccount("300000000000", "stray", "stray@x.example", "Workloads/UAT")
    observed = dataclasses.replace(observed, accounts={**observed.accounts, "3": stranger})
    observed = replaced(observed, "accounts", "uat", state="SUSPENDED")
    plan = planned(observed=observed)
    assert plan.pending == ()
    assert [n.summary.split(" ")[1] for n in plan.notices] == ["stray", "uat"]


def test_an_empty_unit_of_ours_goes_and_a_full_one_is_reported():
    observed = standing()
    units = {**observed.units, "Old": ObservedUnit("ou-9", "Old", "Old", True)}
    observed = dataclasses.replace(observed, units=units)
    assert changes(observed=observed) == {"organization/ou/Old": "delete"}
    stray = ObservedAccount("300000000000", "stray", "stray@x.example", "Old")
    observed = dataclasses.replace(observed, accounts={**observed.accounts, "3": stray})
    assert changes(observed=observed) == {}
    assert "holds accounts" in planned(observed=observed).notices[0].summary


def moved_to_old():
    """The observed with `uat` in an OU `Old` that the file does not have, under a policy there."""
    observed = replaced(standing(), "accounts", "uat", ou="Old")
    units = {**observed.units, "Old": ObservedUnit("ou-9", "Old", "Old", True)}
    attachments = observed.attachments | {ObservedAttachment("base", "ou/Old")}
    return dataclasses.replace(observed, units=units, attachments=attachments)


def test_a_unit_that_this_plan_empties_goes_with_it_after_its_accounts_and_guardrails():
    plan = planned(observed=moved_to_old())
    detach, unit = "organization/attachment/base -> ou/Old", "organization/ou/Old"
    assert {str(c.address): c.action.value for c in plan.pending} == {
        "organization/account/uat": "update",
        detach: "delete",
        unit: "delete",
    }
    waits = {str(c.address): {str(a) for a in c.depends_on} for c in plan.changes}
    assert "organization/account/uat" in waits[detach]
    assert {"organization/account/uat", detach} <= waits[unit]
    assert plan.notices == ()


def test_an_account_that_leaves_the_file_keeps_its_guardrails():
    observed = moved_to_old()
    old = ObservedPolicy("p-9", "old", "SERVICE_CONTROL_POLICY", "", {}, ours=True)
    attachments = observed.attachments | {ObservedAttachment("old", "ou/Old")}
    observed = dataclasses.replace(
        observed, attachments=attachments, policies={**observed.policies, "old": old}
    )
    without = tuple(
        r for r in WANTED.resources if r.address.scope != "uat" and r.address.name != "uat"
    )
    plan = planned(dataclasses.replace(WANTED, resources=without), observed)
    assert not [c for c in plan.pending if c.address.kind in ("attachment", "policy", "ou")]
    assert "its guardrails stay on it" in plan.notices[-1].remedy


def test_without_a_refresh_digests_are_compared():
    observed = standing()
    template = observed.contents["uat"].stacks["jobs"].template
    digest = template["Outputs"]["LandrailTemplateDigest"]["Value"]
    same = with_stack(observed, "uat", "jobs", template=None, digest=digest)
    assert changes(observed=same) == {}
    other = with_stack(observed, "uat", "jobs", template=None, digest="sha256:1")
    assert changes(observed=other) == {"uat/jobs": "update"}


def test_only_standing_stacks_are_asked_about():
    wanted = wanting(uat__jobs=template(Job=role("other")))
    plan = planned(wanted)
    assert previewable(plan, standing()) == (Address("uat", "stack", "jobs"),)
    assert previewable(planned(wanted, observed=Observed()), Observed()) == ()


@given(st.permutations(range(len(WANTED.resources))))
def test_the_order_of_the_file_changes_no_decision(order):
    shuffled = dataclasses.replace(WANTED, resources=tuple(WANTED.resources[i] for i in order))
    for observed in (standing(), Observed()):
        assert changes(shuffled, observed) == changes(observed=observed)


def test_a_destroy_keeps_state_and_what_it_stands_on():
    jobs = {"Resources": {"Store": bucket("@{output:data/lake/Arn}-jobs")}}
    lake = {"Resources": {"Reader": role("x")}, "Outputs": LAKE["Outputs"]}
    wanted = wanting(data__lake=lake, uat__jobs=jobs)
    there = with_stack(standing(wanted), "data", "lake", protected=False)
    plan = make_destroy_plan(wanted, there, GIVEN, frozenset(), {"uat": ("model-delays",)})
    kept = {str(c.address): c.reason for c in plan.changes if c.action is Action.NO_OP}
    assert kept == {
        "management/operator": "the way in",
        "uat/jobs": "Bucket Store",
        "data/lake": "uat/jobs stands on it",
    }
    assert [n.summary for n in plan.notices if n.scope == "uat"] == [
        "stack model-delays of a released model stays, and its endpoint keeps running"
    ]
    all_data = make_destroy_plan(wanted, there, GIVEN, frozenset({"uat"}), {})
    order = {str(c.address): {str(d) for d in c.depends_on} for c in all_data.changes}
    assert "uat/jobs" in order["data/lake"]
    assert "uat/access/OrganizationAccountAccessRole" in order["uat/baseline"]
    assert cycle(order) is None
