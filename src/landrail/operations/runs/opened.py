"""A model's pipelines, opened by somebody of its team.

Their names and stages are read off the compiled file. On the local AWS the person signs in as for
`landrail as`; on AWS it is whoever is signed in, in the role of the team in shared services.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landrail.aws.errors import CallError, failure
from landrail.aws.sessions import Connection, Identity
from landrail.compiler import site, wanted_of
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.people import ways
from landrail.operations.persons import signed_in, way_of
from landrail.operations.project import Project, open_project
from landrail.operations.target import Target, open_target
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

_JOBS = ("mlops", "data-scientist")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline of the file: its stages in order, its source's action, its variables with their
    defaults (None where a value must be given)."""

    name: str
    stages: tuple[str, ...]
    source: str
    variables: Mapping[str, str | None] = field(default_factory=dict)
    parallel: bool = False


@dataclass(frozen=True)
class Opened:
    """Somebody at a model's pipelines; `target` names where."""

    project: Project
    wanted: Wanted
    target: str
    target_data: Mapping[str, str]
    model: str
    person: str
    role: str
    pipelines: tuple[Pipeline, ...]
    connection: Connection
    identity: Identity
    local: Target | None = None

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one API call in shared services; raises botocore's errors."""
        return self.connection.call(self.identity, service, operation, **parameters)

    def pipeline(self, name: str) -> Pipeline:
        """Return a pipeline by its name, or by what its name adds to the model's; raises
        Mistakes."""
        own = site.model_name(self.model)
        for one in self.pipelines:
            if name in (one.name, one.name.removeprefix(f"{own}-")):
                return one
        names = [one.name for one in self.pipelines]
        near = nearest(name, [*names, *(one.removeprefix(f"{own}-") for one in names)])
        hint = f"did you mean `{near}`? " if near else ""
        remedy = f"{hint}pipelines of {self.model}: {', '.join(names)}"
        raise Mistakes([Diagnostic(f"there is no pipeline `{name}`", remedy)])

    def stage(self, kind: str) -> tuple[str, Identity] | None:
        """Return the account of a stage by its name and who the person is there, or None where
        their role is not there, and on AWS, where landrail cannot sign them in."""
        platform = self.project.document
        lob = platform.teams[platform.models[self.model].team].lob
        accounts = {made.name for made in platform.accounts_of(kind, lob)}
        here = [
            way
            for way in ways(self.wanted)
            if way.account in accounts and way.role == self.role and self.person in way.people
        ]
        if self.local is None or not here:
            return None
        account = here[0].account
        entry = f"{self.person}/{self.role}@{account}"
        return account, signed_in(self.project, self.local, self.wanted, entry)


def open_model(file: Path, model: str, person: str | None = None) -> Opened:
    """Open a model's pipelines as `person`, or as the first MLOps engineer of its team; raises
    Mistakes, and Failure where nothing stands or somebody else is signed in."""
    project = open_project(file)
    platform = project.document
    _check_model(platform, model)
    wanted = wanted_of(platform)
    pipelines = tuple(_pipelines(platform, wanted, model))
    if platform.target.is_local:
        return _open_local(project, wanted, model, person, pipelines)
    return _open_aws(project, wanted, model, person, pipelines)


def check_stage(stage: str, there: Collection[str], whose: str) -> None:
    """Raise Mistakes for a stage that is not among those of a pipeline, or of a model."""
    if stage in there:
        return
    near = nearest(stage, there)
    hint = f"did you mean `{near}`? " if near else ""
    remedy = f"{hint}stages of {whose}: {', '.join(there)}"
    raise Mistakes([Diagnostic(f"there is no stage `{stage}`", remedy)])


def _check_model(platform: Platform, model: str) -> None:
    if model in platform.models:
        return
    near = nearest(model, list(platform.models))
    listed = f"models of the file: {', '.join(platform.models) or 'none'}"
    remedy = f"did you mean `{near}`? {listed}" if near else listed
    raise Mistakes([Diagnostic(f"there is no model `{model}`", remedy)])


def _pipelines(platform: Platform, wanted: Wanted, model: str) -> Iterator[Pipeline]:
    """Yield those of the model's stacks in shared services, as the templates have them."""
    shared = platform.shared_services().name
    places = [site.stack_address(shared, f"{concern}-{model}") for concern in ("pipeline", "parts")]
    for stack in wanted.of_kind(Stack):
        if stack.address not in places:
            continue
        for made in stack.template.get("Resources", {}).values():
            if made["Type"] == "AWS::CodePipeline::Pipeline":
                yield _pipeline(made["Properties"])


def _pipeline(properties: Mapping[str, Any]) -> Pipeline:
    stages = properties["Stages"]
    return Pipeline(
        name=str(properties["Name"]),
        stages=tuple(str(stage["Name"]) for stage in stages),
        source=str(stages[0]["Actions"][0]["Name"]),
        variables={
            str(one["Name"]): one.get("DefaultValue") for one in properties.get("Variables", ())
        },
        parallel=properties.get("ExecutionMode") == "PARALLEL",
    )


def _open_local(
    project: Project,
    wanted: Wanted,
    model: str,
    person: str | None,
    pipelines: tuple[Pipeline, ...],
) -> Opened:
    platform = project.document
    who, role = _member(platform, wanted, model, person)
    shared = platform.shared_services().name
    target = open_target(project)
    return Opened(
        project=project,
        wanted=wanted,
        target=target.words,
        target_data=target.data,
        model=model,
        person=who,
        role=role,
        pipelines=pipelines,
        connection=target.entrances.connection,
        identity=signed_in(project, target, wanted, f"{who}/{role}@{shared}"),
        local=target,
    )


def _member(platform: Platform, wanted: Wanted, model: str, person: str | None) -> tuple[str, str]:
    team = platform.models[model].team
    roles = tuple(site.team_role(job, team) for job in _JOBS)
    if person is not None:
        return person, way_of(wanted, person, roles).role
    for role in roles:
        for way in ways(wanted):
            if way.role == role and way.people:
                return way.people[0], role
    raise Mistakes(
        [
            Diagnostic(
                f"nobody of the team `{team}` may run the pipelines of `{model}`",
                f"name somebody under `mlops` of `teams.{team}`",
            )
        ]
    )


def _open_aws(
    project: Project,
    wanted: Wanted,
    model: str,
    person: str | None,
    pipelines: tuple[Pipeline, ...],
) -> Opened:
    if person is not None:
        raise Failure(
            "signing in to AWS by landrail is not built yet",
            "sign in with your identity provider's own client, and leave `--as` out",
        )
    platform = project.document
    team = platform.models[model].team
    roles = [site.team_role(job, team) for job in _JOBS]
    connection = Connection(platform.region, sealed=False)
    identity = connection.ambient()
    try:
        arn = str(connection.call(identity, "sts", "GetCallerIdentity")["Arn"])
    except CallError as error:
        raise failure(error, "asking AWS who is signed in") from error
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    role, _, session = rest.partition("/")
    if kind != "assumed-role" or role not in roles:
        raise Failure(
            f"you are signed in as {arn}",
            f"sign in to {platform.shared_services().name} as {' or '.join(roles)}",
        )
    words = f"AWS account {arn.split(':')[4]}, {role}"
    data = {"kind": "aws", "account": arn.split(":")[4]}
    return Opened(
        project, wanted, words, data, model, session, role, pipelines, connection, identity
    )
