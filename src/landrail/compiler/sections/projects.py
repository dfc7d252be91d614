"""The build projects of a model: one for each step that `landrail model` performs, with what the
step must know in its environment."""

from __future__ import annotations

import json
from collections.abc import Callable

from landrail.compiler import kinds, names, site
from landrail.compiler.kinds import Project
from landrail.compiler.parts.templates import Resources, resource
from landrail.compiler.sections.scoring import batch_variables, scored
from landrail.compiler.statements import role_arn
from landrail.resources import account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

_IMAGE = "aws/codebuild/standard:7.0"
_BASE_ON_AWS = "public.ecr.aws/docker/library/python:3.11-slim"


def project_name(model: str, step: str) -> str:
    """Return the name of the project of a step."""
    return f"{site.model_name(model)}-{step}"


def projects(platform: Platform, model: str, *, parts: bool) -> Resources:
    """Return the build projects of a model: those of its `parts`, the pipelines that begin with
    what others leave, or the others."""
    return {
        names.logical_id("project", step): _project(platform, model, step)
        for step in kinds.projects_of(platform, model)
        if (step in kinds.CHOICES) == parts
    }


def buildspec(step: str) -> str:
    """Return the buildspec of a step: what it leaves in `out/` is the action's artifact."""
    steps = " ".join(kinds.PROJECTS[step].steps)
    return (
        "version: 0.2\n"
        "phases:\n"
        "  install:\n"
        "    commands:\n"
        "      - command -v landrail > /dev/null || pip install landrail\n"
        "  build:\n"
        "    commands:\n"
        f"      - landrail model step {steps}\n"
        "artifacts:\n"
        "  base-directory: out\n"
        "  files:\n"
        "    - '**/*'\n"
    )


def _project(platform: Platform, model: str, step: str) -> dict[str, object]:
    shared = platform.shared_services().name
    lob = platform.teams[platform.models[model].team].lob
    project = kinds.PROJECTS[step]
    account = kinds.account(platform, model, project.stage)
    machine = (
        site.machine_role("build", lob)
        if project.machine == "build"
        else site.machine_role("pipeline", lob, account.kind)
    )
    environment = _variables(platform, model, lob, account) | _place(model, step)
    for steps, told in _ONLY:
        if not steps.isdisjoint(project.steps):
            environment |= told(platform, model, project)
    properties = {
        "Name": project_name(model, step),
        "Description": f"{model}: {', '.join(project.steps)}",
        "ServiceRole": role_arn(shared, machine),
        "Source": {
            "Type": "NO_SOURCE" if project.alone else "CODEPIPELINE",
            "BuildSpec": buildspec(step),
        },
        "Artifacts": {"Type": "NO_ARTIFACTS" if project.alone else "CODEPIPELINE"},
        "Environment": {
            "Type": "LINUX_CONTAINER",
            "ComputeType": "BUILD_GENERAL1_SMALL",
            "Image": _IMAGE,
            "EnvironmentVariables": [
                {"Name": name, "Value": value} for name, value in environment.items()
            ],
        },
        "EncryptionKey": site.key_arn(platform, shared, site.artifact_alias(lob)),
        # What AWS does by itself, said for whoever judges the project by what it says.
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED"}},
        "TimeoutInMinutes": 300,
    }
    return resource("AWS::CodeBuild::Project", properties)


def _variables(platform: Platform, model: str, lob: str, account: AccountMade) -> dict[str, str]:
    """What every project knows."""
    shared = platform.shared_services().name
    job = {"LANDRAIL_JOB_ROLE": role_arn(account.name, "job")}
    return {
        "LANDRAIL_MODEL": site.model_name(model),
        "LANDRAIL_RELEASE_ROLE": role_arn(account.name, "release"),
        **(job if account.kind != "production" else {}),
        "LANDRAIL_MODEL_ROLE": role_arn(account.name, "model"),
        "LANDRAIL_PACKAGE_GROUP": site.group_arn(platform, model),
        "LANDRAIL_ARTIFACT_BUCKET": site.artifact_bucket(platform, lob),
        "LANDRAIL_ARTIFACT_KEY_ARN": site.key_arn(platform, shared, site.artifact_alias(lob)),
        "LANDRAIL_STAGE_BUCKET": site.own_bucket(platform, account),
        "LANDRAIL_STAGE_KEY": f"alias/{site.own_alias(account)}",
        "LANDRAIL_SERVE": ",".join(platform.models[model].serve),
        "LANDRAIL_SUBNETS_PARAMETER": site.SUBNETS,
        "LANDRAIL_SECURITY_GROUP_PARAMETER": site.SECURITY_GROUP,
    }


def _packed(platform: Platform, model: str, _: Project) -> dict[str, str]:
    """Where the wheel and the image go, and what the image begins with."""
    shared = platform.shared_services().name
    host = f"{account_id(shared)}.dkr.ecr.{platform.region}.amazonaws.com"
    return {
        "LANDRAIL_IMAGE_REPOSITORY": f"{host}/{site.model_name(model)}",
        "LANDRAIL_BASE_IMAGE": "host" if platform.target.is_local else _BASE_ON_AWS,
        "LANDRAIL_CODEARTIFACT_DOMAIN": site.package_domain(platform),
        "LANDRAIL_CODEARTIFACT_REPOSITORY": site.PACKAGES,
        "LANDRAIL_CODEARTIFACT_OWNER": account_id(shared),
    }


def _gate(platform: Platform, model: str, _: Project) -> dict[str, str]:
    return {"LANDRAIL_GATE": platform.models[model].gate}


def _deploy(platform: Platform, model: str, project: Project) -> dict[str, str]:
    """How an endpoint takes a new version; in development it changes at once, as it is tried by
    its makers alone."""
    if project.stage == "development":
        return {}
    said = platform.models[model].deployed.said(local=platform.target.is_local)
    return {"LANDRAIL_DEPLOY": json.dumps(said)}


def _datasets(platform: Platform, model: str, _: Project) -> dict[str, str]:
    made = {}
    for name in dict.fromkeys((*platform.datasets_of(model), *scored(platform, model))):
        account = site.lake_account(platform, name).name
        made[name] = {"uri": f"s3://{site.lake_bucket(platform, account, name)}/{name}/"}
    return {"LANDRAIL_DATASETS": json.dumps(made)}


def _batch(platform: Platform, model: str, _: Project) -> dict[str, str]:
    return batch_variables(platform, model)


_ONLY: tuple[tuple[frozenset[str], Callable[[Platform, str, Project], dict[str, str]]], ...] = (
    (frozenset({"build"}), _packed),
    (frozenset({"evaluate", "register", "approve"}), _gate),
    (frozenset({"register", "prepare", "approve"}), _deploy),
    (frozenset({"train", "evaluate", "batch"}), _datasets),
    (frozenset({"batch"}), _batch),
)
"""Steps, and what only their projects know: each project with all of it would make templates that
AWS does not take."""


def _place(model: str, step: str) -> dict[str, str]:
    """What a project works on: its stage, the model's endpoint there, and where what it begins
    with may be chosen from."""
    stage = kinds.PROJECTS[step].stage
    made = {"LANDRAIL_STAGE": stage, "LANDRAIL_ENDPOINT": site.endpoint(model, stage)}
    shelf = next((one.shelf for kind, one in kinds.CHOICES.items() if kind == step), None)
    return made | ({"LANDRAIL_SHELF": shelf} if shelf else {})
