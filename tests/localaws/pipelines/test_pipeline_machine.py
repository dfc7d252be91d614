"""How executions move, case by case: what a stage does when actions fail, stop or are retried."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_worlds import ApiError, World, condition, stage

from landrail.localaws.services.codepipeline.machine.document import upgraded
from landrail.localaws.services.codepipeline.machine.facts import apply
from landrail.localaws.services.codepipeline.machine.steps import decide


def _through_source(world: World) -> str:
    execution = world.start()
    world.end(execution)
    return execution


def test_later_groups_wait_for_earlier_ones() -> None:
    world = World("QUEUED", stage("Build", 2, 1))
    execution = _through_source(world)
    assert world.busy(execution) == ["Build10", "Build11"]
    world.end(execution)
    assert world.busy(execution) == ["Build20"]
    world.end(execution)
    assert world.status(execution) == "Succeeded"


def test_a_failure_waits_for_the_others_of_its_group_and_ends_the_stage() -> None:
    world = World("QUEUED", stage("Build", 2, 1))
    execution = _through_source(world)
    [failed, other] = [one["id"] for one in world.documents[execution]["actions"][-2:]]
    world.finish(execution, failed, "Failed")
    assert world.busy(execution) == ["Build11"]
    world.finish(execution, other, "Succeeded")
    assert world.status(execution) == "Failed"
    world.retry(execution, "Build", "FAILED_ACTIONS")
    assert world.busy(execution) == ["Build10"]
    world.drain()
    assert world.status(execution) == "Succeeded"


def test_the_next_enters_when_one_fails_and_the_failed_one_is_out_of_date() -> None:
    world = World("QUEUED", stage("Build"), stage("Deploy"))
    first, second = _through_source(world), _through_source(world)
    assert world.busy(second) == []
    world.end(first, "Failed")
    assert world.busy(second) == ["Build10"]
    with pytest.raises(ApiError) as caught:
        world.retry(first, "Build", "FAILED_ACTIONS")
    assert caught.value.code == "NotLatestPipelineExecutionException"


def test_an_execution_that_waits_is_retried_past_in_queued_order() -> None:
    world = World("QUEUED", stage("Build"), stage("Deploy"))
    first = _through_source(world)
    world.close("Build")
    second = _through_source(world)
    world.end(first, "Failed")
    world.retry(first, "Build", "ALL_ACTIONS")
    world.end(first)
    world.open("Build")
    assert (world.busy(first), world.busy(second)) == (["Deploy10"], ["Build10"])


def test_only_the_newest_that_waits_goes_on() -> None:
    world = World("SUPERSEDED", stage("Build"))
    running = _through_source(world)
    waiting = [_through_source(world) for _ in range(3)]
    assert [world.status(one) for one in waiting] == ["Superseded", "Superseded", "InProgress"]
    world.end(running)
    assert world.busy(waiting[-1]) == ["Build10"]


def test_a_rollback_comes_before_those_that_wait() -> None:
    world = World("QUEUED", stage("Build", onFailure={"result": "ROLLBACK"}))
    first = _through_source(world)
    world.end(first)
    second, third = _through_source(world), _through_source(world)
    world.end(second, "Failed")
    [back] = [one["id"] for one in world.documents.values() if one["type"] == "ROLLBACK"]
    assert world.documents[back]["target"] == first
    assert (world.busy(back), world.busy(third)) == (["Build10"], [])
    world.end(back, "Failed")
    assert world.busy(third) == ["Build10"]


def test_a_rollback_to_a_rollback_is_to_what_that_one_brought_back() -> None:
    world = World("QUEUED", stage("Build", onFailure={"result": "ROLLBACK"}))
    first, second = _through_source(world), ""
    world.end(first)
    second = _through_source(world)
    world.end(second)
    back = world.roll_back_to(first, "Build")
    world.end(back)
    third = _through_source(world)
    world.end(third, "Failed")
    made = [one for one in world.documents.values() if one["trigger"].get("by") == third]
    assert [one["target"] for one in made] == [first]


def test_a_kill_between_failure_and_rollback_loses_neither() -> None:
    world = World("QUEUED", stage("Build", onFailure={"result": "ROLLBACK"}))
    first = _through_source(world)
    world.end(first)
    second, third = _through_source(world), _through_source(world)
    before = dict(world.documents)
    world.end(second, "Failed")
    # As a kill just after the failure was written leaves it.
    failed = world.documents[second]
    at = next(i for i, one in enumerate(failed["facts"]) if one["kind"] == "stage-ended" if i > 5)
    assert failed["facts"][at]["due"]
    kept: dict[str, Any] = {**before, second: _until(world, second, at)}
    world.documents = kept
    world.crash()
    assert world.status(second) == "Failed"
    backs = [one for one in world.documents.values() if one["type"] == "ROLLBACK"]
    assert [one["target"] for one in backs] == [first]
    assert world.busy(third) == []
    world.check()


def _until(world: World, execution: str, last: int) -> dict[str, Any]:
    """A document as it was after one of its facts."""
    document = world.first[execution]
    for happened in world.documents[execution]["facts"][len(document["facts"]) : last + 1]:
        document = apply(document, happened)
    return document


def test_a_change_of_the_pipeline_cancels_what_is_not_parallel() -> None:
    world = World("QUEUED", stage("Build", 1, 1), stage("Deploy"))
    first = world.start()
    world.end(first)
    second = world.start()
    world.update("PARALLEL")
    assert (world.status(first), world.status(second)) == ("InProgress", "InProgress")
    world.end(second)
    assert world.status(second) == "Cancelled"
    assert "Build" not in world.documents[second]["stages"]
    world.end(first)
    assert world.status(first) == "Cancelled"
    assert world.documents[first]["stages"]["Build"]["status"] == "Cancelled"
    with pytest.raises(ApiError, match="Unable to retry"):
        world.retry(first, "Build", "ALL_ACTIONS")
    third, fourth = world.start(), world.start()
    world.update("QUEUED")
    fifth = world.start()
    for _ in range(4):
        for one in (third, fourth, fifth):
            world.end(one)
    assert {world.status(one) for one in (third, fourth, fifth)} == {"Succeeded"}


def test_a_failure_is_not_retried_in_another_structure() -> None:
    world = World("QUEUED", stage("Build"), stage("Deploy"))
    execution, before = world.start(), world.declared
    world.end(execution)
    world.end(execution, "Failed")
    world.update(stages=[*before[:2], stage("Deploy", 2)])
    with pytest.raises(ApiError, match="the pipeline structure has changed since"):
        world.retry(execution, "Build", "ALL_ACTIONS")
    world.update(stages=before)
    world.retry(execution, "Build", "ALL_ACTIONS")
    world.drain()
    assert world.status(execution) == "Succeeded"


def test_a_condition_is_not_passed_in_another_structure() -> None:
    """A gate that was added since would be passed by."""
    judged = stage("Build", onSuccess=condition("quiet", result="FAIL"))
    world = World("QUEUED", judged, stage("Deploy"))
    execution, before = _through_source(world), world.declared
    world.end(execution)
    world.end(execution, "Failed")
    assert world.status(execution) == "Failed"
    world.update(stages=[*before[:2], stage("Approval"), *before[2:]])
    with pytest.raises(ApiError) as caught:
        world.override(execution, "Build", "ON_SUCCESS")
    assert caught.value.code == "ConditionNotOverridableException"
    world.update(stages=before)
    world.override(execution, "Build", "ON_SUCCESS")
    assert world.busy(execution) == ["Deploy10"]


@pytest.mark.parametrize("what", ["roleArn", "artifactStore", "variables"])
def test_what_is_retried_is_of_the_pipeline_as_it_is(what: str) -> None:
    """A retry that was allowed would be cancelled by the next look at the definition."""
    world = World("QUEUED", stage("Build"))
    execution = _through_source(world)
    world.end(execution, "Failed")
    world.update(**{what: "another"})
    with pytest.raises(ApiError, match="the pipeline structure has changed since"):
        world.retry(execution, "Build", "ALL_ACTIONS")


def test_a_stop_leaves_conditions_unjudged() -> None:
    world = World("QUEUED", stage("Build", beforeEntry=condition("window")))
    execution = _through_source(world)
    assert world.busy(execution) == ["window"]
    world.stop(execution, abandon=False)
    assert world.status(execution) == "Stopped"
    world.retry(execution, "Build", "FAILED_ACTIONS")
    assert world.busy(execution) == ["window"]
    world.drain()
    assert world.status(execution) == "Succeeded"


def test_a_condition_fails_with_one_of_its_rules() -> None:
    world = World("QUEUED", stage("Build", onSuccess=condition("quiet", "fast", result="FAIL")))
    execution = _through_source(world)
    world.end(execution)
    assert world.busy(execution) == ["fast", "quiet"]
    records = [one["id"] for one in world.documents[execution]["rules"]]
    world.finish(execution, records[0], "Failed")
    world.finish(execution, records[1], "Succeeded")
    assert world.status(execution) == "Failed"
    world.override(execution, "Build", "ON_SUCCESS")
    assert world.status(execution) == "Succeeded"


def test_what_was_judged_before_a_retry_cannot_be_passed_after_it() -> None:
    world = World("QUEUED", stage("Build", onSuccess=condition("quiet", result="FAIL")))
    execution = _through_source(world)
    world.end(execution)
    world.end(execution, "Failed")
    assert world.status(execution) == "Failed"
    world.retry(execution, "Build", "ALL_ACTIONS")
    for status in ("InProgress", "Failed"):
        assert world.status(execution) == status
        with pytest.raises(ApiError) as caught:
            world.override(execution, "Build", "ON_SUCCESS")
        assert caught.value.code == "ConditionNotOverridableException"
        if status == "InProgress":
            world.end(execution, "Failed")
    world.retry(execution, "Build", "ALL_ACTIONS")
    world.end(execution)
    world.end(execution, "Failed")
    world.override(execution, "Build", "ON_SUCCESS")
    assert world.status(execution) == "Succeeded"


def test_documents_of_older_versions_are_taken_up() -> None:
    world = World("QUEUED", stage("Build"))
    whole = world.documents[_through_source(world)]
    old = {
        name: value
        for name, value in whole.items()
        if name not in ("place", "number", "type", "target", "rules", "due", "facts", "told")
    }
    stages = {name: {"status": one["status"], "at": 1.0} for name, one in old["stages"].items()}
    old["stages"] = stages
    assert upgraded(old)["place"] == {"stage": "Build", "phase": "acting"}
    assert decide(upgraded(old), world.last) == []
    waiting = {**old, "stages": {"Source": {"status": "Succeeded", "at": 1.0}}}
    assert upgraded(waiting)["place"] == {"stage": "Build", "phase": "waiting"}
    assert upgraded({**old, "status": "Failed"})["place"] is None
    assert upgraded(whole) == whole
