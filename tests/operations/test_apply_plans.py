"""Saved plans, refusals, and taking the platform down and up again."""

import dataclasses
import json

import pytest
from acme_platform import BUCKET

from landrail.aws.errors import CallError
from landrail.diagnostics import Failure, Mistakes
from landrail.operations.apply import apply_plan, check_not_refused, check_unchanged
from landrail.operations.destroy import destroy, prepare_destroy
from landrail.operations.plan import read, save
from landrail.resources import Stack


@pytest.fixture
def changed(platform):
    """Let a test change what is wanted, and put it back."""
    before = platform.wanted

    def change(resource, **fields):
        resources = [
            dataclasses.replace(r, **fields) if r.address == resource else r
            for r in platform.wanted.resources
        ]
        platform.wanted = dataclasses.replace(platform.wanted, resources=tuple(resources))

    yield change
    platform.wanted = before


def stage(platform):
    return next(r for r in platform.wanted.of_kind(Stack) if r.name == "stage")


def with_bucket(template, **properties):
    bucket = template["Resources"]["Bucket"]
    changed = {**bucket, "Properties": {**bucket["Properties"], **properties}}
    return {**template, "Resources": {"Bucket": changed}}


def test_a_saved_plan_is_performed_once(platform, changed, tmp_path):
    stack = stage(platform)
    rule = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    changed(stack.address, template=with_bucket(stack.template, OwnershipControls=rule))
    prepared = platform.prepare()
    (change,) = prepared.plan.pending
    assert [(d.name, d.effect.value) for d in change.details] == [("Bucket/Bucket", "in place")]
    assert [d.path for d in change.details[0].differences] == ["OwnershipControls"]
    save(prepared.plan, tmp_path / "plan.json")
    saved = read(tmp_path / "plan.json")
    again = platform.prepare()
    check_unchanged(saved, again)
    assert apply_plan(again, saved).ok
    with pytest.raises(Failure, match="what is there has changed"):
        check_unchanged(saved, platform.prepare())
    changed(stack.address, template=stack.template)
    assert platform.apply().ok
    assert platform.named() == {}


def test_a_saved_plan_of_another_file_is_refused(platform):
    prepared = platform.prepare()
    other = dataclasses.replace(prepared.plan, file_digest="sha256:0")
    with pytest.raises(Failure, match="the file has changed"):
        check_unchanged(other, prepared)


def test_an_edited_plan_is_refused(platform, tmp_path):
    path = tmp_path / "plan.json"
    save(platform.prepare().plan, path)
    document = json.loads(path.read_text())
    document["changes"][0]["action"] = "delete"
    path.write_text(json.dumps(document))
    with pytest.raises(Mistakes, match="edited"):
        read(path)


def test_losing_a_bucket_is_refused_and_nothing_is_changed(platform, changed):
    stack = stage(platform)
    changed(stack.address, template=with_bucket(stack.template, BucketName="another-name"))
    prepared = platform.prepare()
    (refused,) = prepared.plan.refused
    assert refused.accept == "retail-uat/stage"
    assert "Bucket" in refused.reason
    with pytest.raises(Failure, match="--accept") as failed:
        raise_remedy(prepared.plan)
    assert "retail-uat/stage" in str(failed.value)
    calls = prepared.target.entrances.connection.calls
    made = {name for name in calls.by_operation() if "ChangeSet" in name}
    assert "cloudformation:ExecuteChangeSet" not in made


def raise_remedy(plan):
    try:
        check_not_refused(plan)
    except Failure as failure:
        raise Failure(f"{failure.summary} {failure.remedy}") from failure


def test_accepting_what_is_not_there_is_a_mistake(platform):
    with pytest.raises(Mistakes, match="retail-uat/stag"):
        platform.prepare(accept=["retail-uat/stag"])


def test_down_and_up_again(platform):
    prepared = prepare_destroy(platform.file, compiled=lambda _: platform.wanted)
    kept = {c.address.name for c in prepared.plan.changes if c.reason and c.address.kind == "stack"}
    assert kept == {"stage", "landrail-operator"}
    result = destroy(prepared)
    assert result.ok, (result.failed, result.skipped)
    assert any("Bucket" in line for line in result.kept)
    observed = platform.prepare().observed
    places = {n: a.ou for n, a in observed.accounts.items() if n != "management"}
    assert set(places.values()) == {"Suspended"}
    assert set(observed.units) == {"Suspended"}
    with pytest.raises(CallError):
        platform.call("retail-uat", "s3", "ListBuckets")
    again = prepare_destroy(platform.file, compiled=lambda _: platform.wanted)
    assert again.plan.pending == ()
    result = platform.apply()
    assert result.ok, (result.failed, result.skipped)
    assert platform.named() == {}
    platform.call("retail-uat", "s3", "HeadBucket", Bucket=BUCKET)


def test_a_wrong_account_is_named_with_the_nearest(platform):
    with pytest.raises(Mistakes, match="log-archiv") as mistakes:
        prepare_destroy(
            platform.file, include_data=["log-archiv"], compiled=lambda _: platform.wanted
        )
    assert "log-archive" in str(mistakes.value.diagnostics[0].remedy)
