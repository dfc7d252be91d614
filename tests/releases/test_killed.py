"""Releases of which the local AWS is killed at random moments: each ends right or is taken up again
by a retry, an approval is never lost, and production answers by one version."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.releases.lines_world import Lines, border_of, patiently, two_lines

pytestmark = pytest.mark.xdist_group("killed-releases")

MODEL = "alpha"
FIRST = 50
KILLS = 5
_SOONEST, _LATEST = 0.2, 7.0  # seconds from one kill's end to the next


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lines]:
    """A platform on which a first version is live."""
    with two_lines(tmp_path_factory.mktemp("killed")) as world:
        copy = world.started(MODEL)
        Release(world, world.send(copy, FIRST), FIRST, random.Random(0), kills=0).run()
        yield world


class Release:
    """One commit on its way to production, with an engineer who retries and approves."""

    def __init__(
        self, lines: Lines, commit: str, percent: int, chance: random.Random, kills: int
    ) -> None:
        self.lines = lines
        self.commit = commit
        self.borders = {border_of(percent)}
        self.chance = chance
        self.kills = kills
        self.due = self._next()
        self.approved: set[str] = set()

    def run(self) -> None:
        """See it through; the kills that were not due yet come at its end."""
        if self.kills:
            self.borders.add(self.lines.border(MODEL))
        patiently(lambda: self._built() or None)
        patiently(lambda: self._released() or None)
        while self.kills:
            self._kill()

    def _built(self) -> bool:
        self._maybe_kill()
        for one in self.lines.of(MODEL, MODEL):
            taken = {each["revisionId"] for each in one.get("sourceRevisions", ())}
            if self.commit in taken:
                return self._ended(MODEL, one["pipelineExecutionId"], one["status"])
        return False

    def _released(self) -> bool:
        self._maybe_kill()
        if waiting := self.lines.waits(MODEL):
            execution, token = waiting
            self.lines.accept(MODEL, token)
            self.approved.add(execution)
        name = f"{MODEL}-release"
        every = self.lines.of(MODEL, name)
        mine = [one for one in every if one["pipelineExecutionId"] in self.approved]
        over = [self._ended(name, one["pipelineExecutionId"], one["status"]) for one in mine]
        self._nothing_is_lost()
        return bool(over) and all(over)

    def _ended(self, pipeline: str, execution: str, status: str) -> bool:
        if status == "Failed":
            failed = [
                one
                for one in self.lines.acts(MODEL, pipeline, execution)
                if one["status"] in ("Failed", "Abandoned")
            ]
            self.lines.mlops(MODEL, "codepipeline").retry_stage_execution(
                pipelineName=pipeline,
                stageName=failed[-1]["stageName"],
                pipelineExecutionId=execution,
                retryMode="FAILED_ACTIONS",
            )
        return status == "Succeeded"

    def _maybe_kill(self) -> None:
        if self.kills and time.monotonic() >= self.due:
            self._kill()

    def _kill(self) -> None:
        self.kills -= 1
        self.lines.kill()
        self._nothing_is_lost()
        endpoint = patiently(self._in_service)
        assert len(endpoint["ProductionVariants"]) == 1
        assert self.lines.border(MODEL) in self.borders
        self.due = self._next()

    def _in_service(self) -> dict[str, Any] | None:
        found = self.lines.live(MODEL)
        return found if found["EndpointStatus"] in ("InService", "Updating") else None

    def _nothing_is_lost(self) -> None:
        for execution in self.approved:
            acts = self.lines.acts(MODEL, f"{MODEL}-release", execution)
            [answered] = [one for one in acts if one["stageName"] == "Approval"]
            assert answered["status"] == "Succeeded"
            assert answered["updatedBy"].endswith("/dee")

    def _next(self) -> float:
        return time.monotonic() + self.chance.uniform(_SOONEST, _LATEST)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 11))]
)
def test_a_release_survives_kills(lines: Lines, seed: int) -> None:
    chance = random.Random(seed)
    percent = 10 + 5 * seed
    copy = lines.folder / MODEL
    commit = lines.send(copy, percent)
    Release(lines, commit, percent, chance, KILLS).run()
    assert lines.border(MODEL) == border_of(percent)
    found = lines.mlops(MODEL, "sagemaker").list_model_packages(
        ModelPackageGroupName=MODEL, ModelApprovalStatus="Approved"
    )["ModelPackageSummaryList"]
    assert found
