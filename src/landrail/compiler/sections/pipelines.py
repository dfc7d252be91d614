"""The pipelines of a model, by kind: the whole way from a commit to staging, each part of it by
itself, and the one that releases exactly what was tested, once an engineer has approved it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from landrail.compiler import kinds, site
from landrail.compiler.parts import codepipeline
from landrail.compiler.parts.codepipeline import Action, Stage
from landrail.compiler.parts.templates import Resources, template
from landrail.compiler.sections.batches import batch_pipeline
from landrail.compiler.sections.projects import project_name, projects
from landrail.compiler.sections.triggers import logical_id, rejections, rules
from landrail.handover import AUTHOR, NEWEST, NOBODY
from landrail.resources import Stack
from landrail.spec import Platform
from landrail.spec.pipelines import TRAINING, ExecutionMode, Kind

_MODES: Mapping[Kind, ExecutionMode] = {"end-to-end": "superseded", "image": "superseded"}
"""What the file leaves out; the others take every execution in its turn."""
_EXECUTION = {"LANDRAIL_EXECUTION": "#{codepipeline.PipelineExecutionId}"}
"""Which execution a step works for: who began it and who approved it is on its record."""


def compile_pipelines(platform: Platform) -> Iterator[Stack]:
    """Yield the pipeline stack of each model, and one of the pipelines that begin with what others
    leave: together they may be too large for a template."""
    shared = platform.shared_services().name
    for model, entry in platform.models.items():
        lob = platform.teams[entry.team].lob
        first = [kind for kind in entry.pipelines if kind not in kinds.CHOICES]
        parts = [kind for kind in entry.pipelines if kind in kinds.CHOICES]
        made = template(
            f"Landrail: build projects and pipelines of {model}",
            projects(platform, model, parts=False),
            *(_pipeline(platform, model, kind) for kind in first),
            _release(platform, model) if kinds.releases(platform, model) else {},
            batch_pipeline(platform, model) if kinds.scores(platform, model) else {},
            rules(platform, model, first),
            rejections(platform, model) if kinds.releases(platform, model) else {},
        )
        registries = [f"registry-{model}"]
        if entry.connection is None:
            registries.append(f"registry-{_first(platform, model)}")
        concerns = ("packages", f"artifacts-{lob}", *registries)
        after = [site.stack_address(shared, concern) for concern in concerns]
        yield site.stack(platform, shared, f"pipeline-{model}", made, after=after)
        if parts:
            made = template(
                f"Landrail: pipelines of {model} that begin with what others leave",
                projects(platform, model, parts=True),
                *(_pipeline(platform, model, kind) for kind in parts),
                rules(platform, model, parts),
            )
            after = [site.stack_address(shared, f"pipeline-{model}")]
            yield site.stack(platform, shared, f"parts-{model}", made, after=after)


def _first(platform: Platform, model: str) -> str:
    """The model whose registry makes the repository of this one."""
    repository = site.repository(platform, model)
    models = site.in_codecommit(platform, platform.models)
    return next(one for one in models if site.repository(platform, one) == repository)


def _pipeline(platform: Platform, model: str, kind: Kind) -> Resources:
    entry = platform.models[model]
    connected = entry.connection is not None
    triggers = []
    if connected and kind == kinds.pushed(platform, model):
        triggers.append(codepipeline.on_push(entry.branch, entry.paths))
    made = codepipeline.pipeline(
        platform,
        kinds.pipeline_name(model, kind),
        platform.teams[entry.team].lob,
        "uat",
        entry.pipelines[kind].mode or _MODES.get(kind, "queued"),
        [
            codepipeline.stage("Source", _source(platform, model, kind)),
            *_STAGES[kind](_Making(platform, model, kind)),
        ],
        variables=_variables(platform, model, kind),
        triggers=triggers,
    )
    return {logical_id(kind): made}


def _source(platform: Platform, model: str, kind: Kind) -> Action:
    entry = platform.models[model]
    if kind in kinds.CHOICES:
        bucket = site.artifact_bucket(platform, platform.teams[entry.team].lob)
        shelf = kinds.CHOICES[kind].shelf
        return codepipeline.from_bucket(bucket, f"{shelf}/{site.model_name(model)}.zip")
    if entry.connection is not None:
        connection, identity = str(entry.connection.connection), str(entry.connection.id)
        return codepipeline.from_connection(connection, identity, entry.branch)
    return codepipeline.from_codecommit(site.repository(platform, model), entry.branch)


def _variables(platform: Platform, model: str, kind: Kind) -> dict[str, tuple[str, str]]:
    """A pipeline's variables: default and meaning of each."""
    made: dict[str, tuple[str, str]] = {}
    if kind in kinds.building(platform, model):
        made[AUTHOR] = (NOBODY, "Who pushed the commit; the rule of pushes tells it")
    if kind in kinds.CHOICES:
        choice = kinds.CHOICES[kind]
        made[choice.variable] = (NEWEST, choice.meaning)
    if kind in TRAINING:
        parameters = platform.models[model].parameters
        made |= {name: (value, "Parameter of the training") for name, value in parameters.items()}
    return made


def environment(platform: Platform, model: str, kind: Kind) -> dict[str, str]:
    """Return what the execution tells the builds of a pipeline of a kind."""
    made = dict(_EXECUTION)
    if kind in kinds.CHOICES:
        made["LANDRAIL_CHOICE"] = f"#{{variables.{kinds.CHOICES[kind].variable}}}"
    if kind in TRAINING:
        for name in platform.models[model].parameters:
            made[f"LANDRAIL_PARAMETER_{name}"] = f"#{{variables.{name}}}"
    return made


class _Making:
    """The stages of one pipeline: builds of its projects, and stacks of the model's endpoints."""

    def __init__(self, platform: Platform, model: str, kind: Kind) -> None:
        self.platform, self.model = platform, model
        self.entry = platform.models[model]
        self._environment = environment(platform, model, kind)
        self._retry = self.entry.pipelines[kind].retry

    def stage(self, name: str, *groups: Action | Sequence[Action]) -> Stage:
        """A stage that is tried again as the file says."""
        return codepipeline.stage(name, *groups, retry=self._retry)

    def build(self, project: str, take: str, out: str, name: str | None = None) -> Action:
        """A build of a project of the model."""
        called = project_name(self.model, project)
        named = name or project.capitalize()
        return codepipeline.build(named, called, self._environment, take=take, out=out)

    def deploy(self, stage: str, take: str, parameters: str) -> Action:
        """The stack of the model's endpoint in a stage before production."""
        account = kinds.account(self.platform, self.model, stage).name
        stack = site.model_stack(self.model, stage)
        return codepipeline.deploy(account, stack, take, parameters, replace=True)

    def staging(self, take: str) -> Stage:
        """Deploy and test as one stage: an execution that comes behind must not change the endpoint
        that this one tests."""
        deploy = self.deploy("uat", take, "staging.json")
        return self.stage("Staging", deploy, self.build("test", take, "Tested"))


def _whole(making: _Making) -> list[Stage]:
    made = [making.stage("Build", making.build("build", "Source", kinds.BUILT))]
    if making.entry.development != "none":
        made.append(
            making.stage(
                "Development",
                making.build("develop", kinds.BUILT, "Developed", "Develop"),
                making.deploy("development", "Developed", "development.json"),
                making.build("develop-test", "Developed", "DevelopmentTested", "Test"),
            )
        )
    made.append(making.stage("Train", making.build("train", kinds.BUILT, "Trained")))
    return [*made, making.staging("Trained")]


def _image(making: _Making) -> list[Stage]:
    return [making.stage("Build", making.build("build", "Source", kinds.BUILT))]


def _training(making: _Making) -> list[Stage]:
    return [making.stage("Train", making.build("training", "Source", "Trained", "Train"))]


def _registration(making: _Making) -> list[Stage]:
    build = making.build("registration", "Source", "Registered", "Register")
    return [making.stage("Register", build)]


def _deployment(making: _Making) -> list[Stage]:
    prepare = making.build("deployment", "Source", "Prepared", "Prepare")
    return [making.stage("Prepare", prepare), making.staging("Prepared")]


_STAGES: Mapping[Kind, Callable[[_Making], list[Stage]]] = {
    "end-to-end": _whole,
    "image": _image,
    "training": _training,
    "registration": _registration,
    "deployment": _deployment,
}


def _release(platform: Platform, model: str) -> Resources:
    entry = platform.models[model]
    lob = platform.teams[entry.team].lob
    name = f"{site.model_name(model)}{kinds.RELEASE}"
    production = site.account_of(platform, "production", lob).name
    bucket = site.artifact_bucket(platform, lob)
    source = codepipeline.from_bucket(bucket, f"candidates/{site.model_name(model)}.zip")
    question = f"Release {model} to production? Metrics and lineage: candidate.json"
    if entry.connection is not None:
        question += ". Not for who pushed or wrote any of it: the host of the code tells no history"

    def build(step: str, take: str, out: str) -> Action:
        project = project_name(model, step)
        return codepipeline.build(step.capitalize(), project, _EXECUTION, take=take, out=out)

    stages = [
        codepipeline.stage("Source", {**source, "OutputArtifacts": [{"Name": "Candidate"}]}),
        codepipeline.stage("Approval", codepipeline.approval(question, entry.approve.within)),
        codepipeline.stage(
            "Production",
            build("approve", "Candidate", "Approved"),
            # Never replaced: what is deleted there, nobody is served by.
            codepipeline.deploy(
                production, site.model_stack(model, "production"), "Approved", "production.json"
            ),
            build("confirm", "Approved", "Confirmed"),
        ),
    ]
    if kinds.scores(platform, model):
        stages.append(codepipeline.stage("Batch", build("batch", "Approved", "Scored")))
    # Releases take their turn, whatever the file says: production has one version at a time.
    made = codepipeline.pipeline(platform, name, lob, "production", "queued", stages)
    return {"Release": made}
