"""The pipelines of a model by kind: what each is called, which projects it runs, what starts it.

Two sections that speak of the same pipeline, its definition and the permissions of those who run
it, read here what there is. Nothing here makes a resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from landrail.compiler import names, site
from landrail.handover import BUILDS, REGISTERED, TRAINED
from landrail.spec import Platform
from landrail.spec.document import AccountMade
from landrail.spec.pipelines import STAGING, Kind

RELEASE = "-release"
"""What follows a model's name in that of the pipeline which releases to production."""
BATCH = "-batch"
"""What follows it in that of the pipeline which scores, apart from releases."""
SUFFIX: Mapping[Kind, str] = {
    "end-to-end": "",
    "image": "-image",
    "training": "-training",
    "registration": "-registration",
    "deployment": "-deployment",
}
TAKING_CODE = (SUFFIX["end-to-end"], SUFFIX["image"])
"""The ends of the names of pipelines that begin with a repository."""
BUILT = "Built"
"""The artifact of a build: the one that code of a push may write."""
_RULE = 64


@dataclass(frozen=True, slots=True)
class Project:
    """A build project: the steps that it does, in which stage; `machine` is whose role it has.
    One that is `alone` is no action of a pipeline: a rule of Events starts it."""

    steps: tuple[str, ...]
    stage: str
    machine: str = "pipeline"
    alone: bool = False


PROJECTS: Mapping[str, Project] = {
    "build": Project(("build",), "uat", "build"),
    "develop": Project(("train", "evaluate", "prepare"), "development"),
    "develop-test": Project(("test",), "development"),
    "train": Project(("train", "evaluate", "register"), "uat"),
    "training": Project(("choose", "train"), "uat"),
    "registration": Project(("choose", "evaluate", "register"), "uat"),
    "deployment": Project(("choose", "prepare"), "uat"),
    "test": Project(("test", "propose"), "uat"),
    "approve": Project(("approve",), "production"),
    "confirm": Project(("confirm",), "production"),
    "reject": Project(("reject",), "production", alone=True),
    "batch": Project(("batch",), "production"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pipeline begins with, and the variable by which another one of it is named."""

    shelf: str
    variable: str
    meaning: str


CHOICES: Mapping[Kind, Choice] = {
    "training": Choice(BUILDS, "Build", "Commit whose build is trained"),
    "registration": Choice(TRAINED, "Candidate", "Training job whose model is registered"),
    "deployment": Choice(REGISTERED, "Version", "Registered version that is deployed"),
}


def pipeline_name(model: str, kind: Kind) -> str:
    """Return what a model's pipeline of a kind is called."""
    return f"{site.model_name(model)}{SUFFIX[kind]}"


def suffixes(platform: Platform, model: str) -> tuple[str, ...]:
    """Return the ends of the names of a model's pipelines."""
    kinds = platform.models[model].pipelines
    made = [SUFFIX[kind] for kind in SUFFIX if kind in kinds]
    if not releases(platform, model):
        return tuple(made)
    return (*made, RELEASE, BATCH) if scores(platform, model) else (*made, RELEASE)


def releases(platform: Platform, model: str) -> bool:
    """Whether a pipeline of a model proposes candidates, so that one releases them."""
    return any(kind in platform.models[model].pipelines for kind in STAGING)


def scores(platform: Platform, model: str) -> bool:
    """Whether a model's released versions score files."""
    return releases(platform, model) and "batch" in platform.models[model].serve


def scheduled_batch(platform: Platform, model: str) -> str | None:
    """Return when a model scores by itself."""
    batch = platform.models[model].batch
    return batch.schedule if batch is not None and scores(platform, model) else None


def projects_of(platform: Platform, model: str) -> tuple[str, ...]:
    """Return the names of a model's build projects, as `PROJECTS` has them."""
    entry = platform.models[model]
    wanted: set[str] = set()
    if "end-to-end" in entry.pipelines:
        wanted |= {"build", "train", "test"}
        if entry.development != "none":
            wanted |= {"develop", "develop-test"}
    if "image" in entry.pipelines:
        wanted.add("build")
    wanted |= {kind for kind in CHOICES if kind in entry.pipelines}
    if "deployment" in entry.pipelines:
        wanted.add("test")
    if releases(platform, model):
        wanted |= {"approve", "confirm", "reject"}
        wanted |= {"batch"} if "batch" in entry.serve else set()
    return tuple(name for name in PROJECTS if name in wanted)


def building(platform: Platform, model: str) -> tuple[Kind, ...]:
    """Return the kinds of a model's pipelines that begin with a commit."""
    kinds: tuple[Kind, ...] = ("end-to-end", "image")
    return tuple(kind for kind in kinds if kind in platform.models[model].pipelines)


def choosing(platform: Platform, model: str) -> bool:
    """Whether a pipeline of a model begins with what another one left."""
    return any(kind in platform.models[model].pipelines for kind in CHOICES)


def pushed(platform: Platform, model: str) -> Kind | None:
    """Return the kind that a push starts: the whole way where there is one, else the build."""
    return next(iter(building(platform, model)), None)


def schedules(platform: Platform, model: str) -> Iterator[tuple[Kind, str]]:
    """Yield the kinds that start by themselves, and when."""
    entry = platform.models[model]
    for kind in SUFFIX:
        if kind in entry.pipelines:
            own = entry.pipelines[kind].schedule
            schedule = entry.schedule if kind == "end-to-end" and own is None else own
            if schedule is not None:
                yield kind, schedule


def rule_name(model: str, kind: Kind, what: str) -> str:
    """Return the name of the rule that starts a pipeline (`churn-push`); what it is for is never
    cut off, guardrails tell such rules by it."""
    tail = f"-{what}"
    return names.shorten(pipeline_name(model, kind), _RULE - len(tail)) + tail


def account(platform: Platform, model: str, stage: str) -> AccountMade:
    """Return the account of a stage of a model: development, uat or production."""
    entry = platform.models[model]
    kind = entry.development if stage == "development" else stage
    return site.account_of(platform, kind, platform.teams[entry.team].lob)


def developed_in(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    """Return the models that have their development stage in an account."""
    return tuple(
        model
        for model in site.models_of(platform, account.lob or "")
        if platform.models[model].development == account.kind
    )


def stages(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the kinds of accounts that a line's pipelines work in, those of development first."""
    wanted = {platform.models[model].development for model in site.models_of(platform, lob)}
    early = [kind for kind in ("data-science", "development") if kind in wanted]
    return (*early, "uat", "production")
