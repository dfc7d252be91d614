"""Roles of UAT, production and development: the release role and what it hands to SageMaker and
CloudFormation, and the people who may look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts import access, buckets
from landrail.compiler.parts.roles import (
    by_people,
    by_services,
    role,
    roles,
)
from landrail.compiler.parts.templates import Resources, template
from landrail.compiler.sections.release_roles import (
    entrances,
    release_roles,
)
from landrail.compiler.statements import Statement, allow
from landrail.resources import Stack, account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

Named = tuple[str, dict[str, Any]]
_SAGEMAKER = "sagemaker.amazonaws.com"
_ANY_NAME = ("",)


def compile_stage_roles(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of roles of each account that jobs and endpoints run in."""
    for kind in site.STAGE_KINDS:
        for account in platform.accounts_of(kind):
            made = template(f"Landrail: roles of {kind}", _roles(platform, account))
            yield site.stack(
                platform, account.name, "roles", made, after=entrances(platform, account)
            )


def _roles(platform: Platform, account: AccountMade) -> Resources:
    # Nothing is trained in production; what scores there runs as the model.
    named = [] if account.kind == "production" else [("job", _job(platform, account))]
    return roles(*named, *release_roles(platform, account), *_people(platform, account))


def _job(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob = account.lob or ""
    return role(
        "job",
        by_services(account.name, _SAGEMAKER),
        [
            *access.read_granted(platform, lob),
            *access.pull_images(platform, lob),
            *access.use_bucket(site.stage_bucket(platform, account.name), "Stage"),
            *access.write_logs(platform, account.name),
            access.network_interfaces(),
        ],
        description="Execution role of processing and training",
    )


def _people(platform: Platform, account: AccountMade) -> Iterator[Named]:
    for team in site.teams_of(platform, account.lob or ""):
        entry = platform.teams[team]
        for job, people in (("data-scientist", entry.scientists), ("mlops", entry.mlops)):
            if not people or (job == "data-scientist" and account.kind == "production"):
                continue
            name = site.team_role(job, team)
            trust = by_people(platform, account.name, people)
            yield name, role(name, trust, _looking(platform, account, job, team), hours=8)


def _developing(platform: Platform, account: AccountMade, team: str) -> list[Statement]:
    """In development a team tries what it is about to release, under its own name."""
    if account.kind != "development":
        return []
    name, prefixes = account.name, [f"{team}-"]
    bucket = site.stage_bucket(platform, name)
    return [
        *access.run_jobs(platform, name, prefixes),
        *access.serve_models(platform, name, prefixes),
        *access.use_bucket(bucket, "Stage", prefixes=[f"{team}/*"]),
        access.use_key(platform, name, site.STAGE_ALIAS, "StageKey", services=("s3", "sagemaker")),
        access.grant_key(platform, name, site.STAGE_ALIAS, "StageVolumes"),
        access.pass_roles(name, ["job"], "sagemaker", "PassExecutionRole"),
        access.network_interfaces(),
        access.find_network(platform, name),
    ]


def _looking(platform: Platform, account: AccountMade, job: str, team: str) -> list[Statement]:
    made = access.read_operations(platform, account.name)
    made.append(access.find_groups(platform, account.name, team))
    if job != "mlops":
        return [*made, *_developing(platform, account, team)]
    reads = ("cloudformation:Describe*", "cloudformation:List*")
    made.append(allow(reads, "*", sid="ReadStacks"))
    made.append(allow("application-autoscaling:Describe*", "*", sid="ReadScaling"))
    bucket = site.stage_bucket(platform, account.name)
    made += [
        allow(buckets.LIST, buckets.arn(bucket), sid="FindOutputs"),
        allow(buckets.READ, buckets.arn(bucket, "*"), sid="ReadOutputs"),
    ]
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account.name)}:endpoint"
    endpoints = [
        f"{base}/{site.endpoint(name, account.kind)}"
        for name, model in platform.models.items()
        if model.team == team and account.kind in ("uat", "production", model.development)
    ]
    if endpoints:
        made.append(allow("sagemaker:InvokeEndpoint", endpoints, sid="Ask"))
    return made
