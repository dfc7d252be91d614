"""The steps by name, as the build projects call them; each returns what it has to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from landrail.aws.builds import BuildSession
from landrail.operations.model.approve import approve
from landrail.operations.model.artifacts import Candidate
from landrail.operations.model.batch import batch
from landrail.operations.model.build import build_model
from landrail.operations.model.confirm import confirm
from landrail.operations.model.evaluate import evaluate
from landrail.operations.model.prepare import prepare
from landrail.operations.model.propose import propose
from landrail.operations.model.register import register
from landrail.operations.model.reject import reject
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.shelves import choose
from landrail.operations.model.stage import Stage
from landrail.operations.model.train import train
from landrail.operations.model.verify import verify

Step = Callable[[Settings, BuildSession, Stage], str]


def _build(settings: Settings, build: BuildSession, _: Stage) -> str:
    made = build_model(settings, build, Path.cwd())
    return f"commit {made.commit[:12]} is {made.package} and {made.image}"


def _choose(settings: Settings, build: BuildSession, _: Stage) -> str:
    return f"begins with the {choose(settings, build)} of {settings[Variable.SHELF]}"


def _prepare(settings: Settings, _: BuildSession, stage: Stage) -> str:
    prepare(settings, stage)
    return f"the endpoint {settings[Variable.ENDPOINT]} is ready to be deployed"


def _train(settings: Settings, _: BuildSession, stage: Stage) -> str:
    return f"trained by {train(settings, stage).training_job}"


def _evaluate(settings: Settings, _: BuildSession, stage: Stage) -> str:
    return f"the gate is passed: {_metrics(evaluate(settings, stage))}"


def _register(settings: Settings, build: BuildSession, stage: Stage) -> str:
    return f"registered, pending approval, as {register(settings, build, stage).package}"


def _test(settings: Settings, _: BuildSession, stage: Stage) -> str:
    return f"the endpoint answers {verify(settings, stage)} rows as measured"


def _propose(settings: Settings, build: BuildSession, _: Stage) -> str:
    return f"proposed for release in execution {propose(settings, build)}"


def _approve(settings: Settings, build: BuildSession, stage: Stage) -> str:
    candidate = approve(settings, build, stage)
    return f"{candidate.package} approved by {candidate.approved_by}"


def _confirm(settings: Settings, build: BuildSession, stage: Stage) -> str:
    return f"production serves {confirm(settings, build, stage).package}"


def _reject(settings: Settings, build: BuildSession, _: Stage) -> str:
    return reject(settings, build)


def _batch(settings: Settings, _: BuildSession, stage: Stage) -> str:
    return f"scores written to {batch(settings, stage)}"


def _metrics(candidate: Candidate) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in candidate.metrics.items())


STEPS: Mapping[str, tuple[str, Step]] = {
    "build": ("Test a commit, publish its wheel, push its image.", _build),
    "choose": ("Begin with what the execution names, or the newest.", _choose),
    "train": ("Train in the stage's account, on granted data.", _train),
    "evaluate": ("Measure the trained model and hold it to the gate.", _evaluate),
    "register": ("Register the model, pending approval.", _register),
    "prepare": ("Make ready for the stage's endpoint.", _prepare),
    "test": ("Compare the stage's endpoint with the evaluation.", _test),
    "propose": ("Hand exactly this candidate to the release pipeline.", _propose),
    "approve": ("Put the approval on record and make ready for production.", _approve),
    "confirm": ("See that production serves the version, and mark it live.", _confirm),
    "reject": ("Put a rejection on record.", _reject),
    "batch": ("Score a batch of granted data in production.", _batch),
}


def run_step(name: str, environment: Mapping[str, str]) -> str:
    """Run one step in the current folder; raises Mistakes where it cannot go on."""
    settings = Settings(environment)
    build = BuildSession()
    return STEPS[name][1](settings, build, Stage(settings, build))
