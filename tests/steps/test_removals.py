"""What the engine says of an allow that is taken away is what happens: the pipeline really fails at
that step for want of that action, and goes on from there once the allow is back.

One execution goes through a whole list: it fails without the first, is tried again without the
next, and at last succeeds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.steps.grants import Way, Where, allowing
from tests.steps.retrying import Trial
from tests.steps.steps_world import Steps, witnessed
from tests.steps.told import needed

pytestmark = pytest.mark.xdist_group("steps")

_SCORING: list[Where] = [
    ("key alias/landrail/dataset-numbers@data-prod", "Granted", "kms:Decrypt"),
    ("trust of release@retail-production", "1", "sts:AssumeRole"),
]
_STAGES = {
    **{"source": "Source", "build": "Build", "train": "Train", "evaluate": "Train"},
    **{"register": "Train", "stage": "Staging", "approve": "Production"},
    **{"release": "Production", "score": "Batch"},
}
_LONGEST = 120.0
# A push says which commit it is; who begins by hand means the newest.
_WHICH = ("pipeline-retail-uat@shared-prod", "Source", "codecommit:GetBranch")
# An image is pushed by these in turn and once: whatever fails behind them leaves it there.
_BEHIND = ("Propose", "Invoke", "Champions", "SeeServed")
_ORDER = ("Initiate", "UploadLayerPart", "CompleteLayerUpload", "PutImage")


def test_scoring_fails_without_an_allow_and_goes_on_with_it(steps: Steps) -> None:
    trial = Trial(steps, "tiny-batch", lambda: steps.start("tiny-batch"))
    assert [trial.without(where) for where in _SCORING] == ["Batch", "Batch"]
    trial.succeed()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    """A platform on which the model has not gone anywhere yet."""
    with witnessed(tmp_path_factory.mktemp("fresh")) as world:
        world.publish()
        yield world


@pytest.mark.soak
def test_each_step_fails_without_each_allow(fresh: Steps) -> None:
    wrong = _wrong(Trial(fresh, "tiny", lambda: _pushed(fresh)), _of_building(fresh))
    # The first release makes the stack; without what it needs for that, a next one could not.
    first = fresh.released("tiny")
    fresh.approve("tiny-release", first, "dee")
    fresh.succeed("tiny-release", first)
    released = Trial(fresh, "tiny-release", lambda: _proposed(fresh))
    wrong += _wrong(released, _of_releasing(fresh))
    by_hand = Trial(fresh, "tiny", lambda: fresh.start("tiny"))
    wrong += _wrong(by_hand, [(_WHICH, "Source")])
    scored = Trial(fresh, "tiny-batch", lambda: fresh.start("tiny-batch"))
    wrong += _wrong(scored, _first_at(fresh, "score"))
    assert wrong == []


def _wrong(trial: Trial, tried: list[tuple[Where, str]]) -> list[str]:
    """What is otherwise than it is said."""
    told = {where: trial.without(where) for where, _ in tried}
    trial.succeed()
    return [f"{where}: {told[where]}" for where, stage in tried if told[where] != stage]


def _first_at(world: Steps, *steps: str) -> list[tuple[Where, str]]:
    """The allows without which one of these steps is the first to be denied, and its stage."""
    told = needed("alone", allowing(world.platform.wanted, Way("retail")))
    return [
        (where, _STAGES[step])
        for step in steps
        for where in sorted(told, key=_turn)
        if told[where][0] == step and not _is_quiet(where)
    ]


def _is_quiet(where: Where) -> bool:
    """Whether a denial fails nothing: who may write no log goes on without one."""
    return where[1] == "WriteLogs"


def _turn(where: Where) -> int:
    """Before others, what is done once; behind them, what is done once a stack stands."""
    name = where[2].partition(":")[2]
    if where[1] in _BEHIND:
        return len(_ORDER) + 1
    return next((n for n, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))


def _of_building(world: Steps) -> list[tuple[Where, str]]:
    """Of the pipeline that ends in staging, begun by a push. Without what a rule of Events needs,
    none begins, and the role of production reads the sources of its own pipelines."""
    others = ("events-retail", "pipeline-retail-production")
    every = _first_at(world, "source", "build", "train", "evaluate", "register", "stage")
    ours = [one for one in every if not any(other in one[0][0] for other in others)]
    return [one for one in ours if one[0] != _WHICH]


def _of_releasing(world: Steps) -> list[tuple[Where, str]]:
    """Of a release that is not the first, and whose source is said: stack and endpoint are there,
    and nobody asks for the newest version of a candidate."""
    made = ("cloudformation:CreateStack", "sagemaker:CreateEndpoint")
    source = ("s3:GetBucketVersioning", "s3:GetObjectVersion")
    early = [one for one, _ in _first_at(world, "source") if "pipeline-retail-production" in one[0]]
    every = [*((one, "Production") for one in early), *_first_at(world, "approve", "release")]
    return [one for one in every if one[0][2] not in (*made, *source)]


def _pushed(world: Steps) -> str:
    if (world.folder / "tiny").exists():
        return world.start("tiny")
    before = _begun(world, "tiny")
    copy = world.begin("tiny")
    world.commit(copy)
    world.push(copy)
    return _next(world, "tiny", before)


def _proposed(world: Steps) -> str:
    """Go the way again; return the next release."""
    before = _begun(world, "tiny-release")
    world.start("tiny")
    return _next(world, "tiny-release", before)


def _begun(world: Steps, pipeline: str) -> set[str]:
    return {str(one["pipelineExecutionId"]) for one in world.executions(pipeline)}


def _next(world: Steps, pipeline: str, before: set[str]) -> str:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        for one in _begun(world, pipeline) - before:
            return one
        time.sleep(0.2)
    raise AssertionError(f"{pipeline} is not begun")
