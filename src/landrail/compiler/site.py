"""Where things are on the platform: buckets, keys, roles and consumers, by name.

Everything that two sections must agree on stands here once; a section never asks another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from landrail.compiler import names
from landrail.compiler.statements import alias_arn, role_arn
from landrail.resources import Address, Stack, account_id, output
from landrail.spec import Platform
from landrail.spec.document import AccountMade

MANAGEMENT = "management"
LOG_ARCHIVE = "log-archive"
AUDIT = "audit"
TRAIL = "landrail"
STAGE_KINDS = ("development", "uat", "production")
"""Kinds of accounts that a release role works in; pipelines release to UAT and production."""
LINE_KINDS = ("data-science", *STAGE_KINDS)
DEPLOYING = "landrail"
OWNER_TAG = "landrail:owner"
PACKAGES = "packages"
"""The package repository of shared services."""
STORAGE_ENDPOINT = "EndpointS3"
SUBNETS = "/landrail/network/subnets"
SECURITY_GROUP = "/landrail/network/security-group"
VPC = "/landrail/network/vpc"


def stack(
    platform: Platform,
    account: str,
    concern: str,
    template: Mapping[str, object],
    *,
    after: Sequence[Address] = (),
    entered_by: str = "platform",
) -> Stack:
    """Return one stack of an account; what must outlive it is protected."""
    resources = template["Resources"]
    assert isinstance(resources, dict)
    stateful = any(made.get("DeletionPolicy") == "Retain" for made in resources.values())
    return Stack(
        account=account,
        region=platform.region,
        name=stack_name(concern),
        template=template,
        entered_by=entered_by,
        protected=stateful,
        tags={"landrail:platform": platform.platform},
        depends_on=tuple(dict.fromkeys(after)),
    )


def stack_name(concern: str) -> str:
    """Return the name of the stack for a concern (`baseline`, `dataset-flights`)."""
    return names.shorten(f"{DEPLOYING}-{concern}", names.STACK)


def stack_address(account: str, concern: str) -> Address:
    """Return the address of a stack by account and concern."""
    return Address(account, "stack", stack_name(concern))


def log_bucket(platform: Platform) -> str:
    """Return the bucket of the trail and of Config's deliveries."""
    return names.bucket(platform.platform, "log-archive", LOG_ARCHIVE)


def lake_bucket(platform: Platform, account: str, dataset: str) -> str:
    """Return the bucket of a data set in one account of data management."""
    return names.bucket(platform.platform, f"lake-{dataset}", account)


def lake_alias(dataset: str) -> str:
    """Return the alias of a data set's key."""
    return names.shorten(f"landrail/dataset-{dataset}", names.ALIAS - 6)


def stage_bucket(platform: Platform, account: str) -> str:
    """Return the bucket of jobs' outputs in UAT or production."""
    return names.bucket(platform.platform, "stage", account)


def workspace_bucket(platform: Platform, account: str) -> str:
    """Return the bucket that data scientists work in."""
    return names.bucket(platform.platform, "workspace", account)


def artifact_bucket(platform: Platform, lob: str) -> str:
    """Return the bucket of a line's pipelines in shared services."""
    return names.bucket(platform.platform, f"artifacts-{lob}", platform.shared_services().name)


def artifact_alias(lob: str) -> str:
    """Return the alias of the key of a line's artifacts."""
    return names.shorten(f"landrail/artifacts-{lob}", names.ALIAS - 6)


STAGE_ALIAS = "landrail/stage"
WORKSPACE_ALIAS = "landrail/workspace"


def key_arn(platform: Platform, account: str, alias: str) -> str:
    """Return the ARN of a key's alias in an account."""
    return alias_arn(account, platform.region, alias)


def any_key(platform: Platform, account: str) -> str:
    """Return the pattern of all keys of an account, to be narrowed by `kms:ResourceAliases`."""
    return f"arn:aws:kms:{platform.region}:{account_id(account)}:key/*"


def account_of(platform: Platform, kind: str, lob: str) -> AccountMade:
    """Return the one account of a kind that a line of business has."""
    return platform.accounts_of(kind, lob)[0]


def studio_role(person: str) -> str:
    """Return the execution role of one data scientist."""
    return names.shorten(f"studio-{person}", names.ROLE)


def team_role(job: str, team: str) -> str:
    """Return the role of the people with one job in a team (`mlops-churn`)."""
    return names.shorten(f"{job}-{team}", names.ROLE)


def machine_role(machine: str, lob: str, stage: str = "") -> str:
    """Return a machine role of shared services (`pipeline-LOB-uat`); the stage is never cut off,
    guardrails tell UAT from production by it."""
    tail = f"-{stage}" if stage else ""
    return names.shorten(f"{machine}-{lob}", names.ROLE - len(tail)) + tail


def scientists(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the data scientists of a line of business, once each."""
    teams = [team for team in platform.teams.values() if team.lob == lob]
    return tuple(dict.fromkeys(person for team in teams for person in team.scientists))


def scientist_roles(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the roles of a line's teams of data scientists."""
    teams = (team for team in teams_of(platform, lob) if platform.teams[team].scientists)
    return tuple(team_role("data-scientist", team) for team in teams)


def mlops_roles(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the roles of a line's teams of MLOps engineers."""
    teams = (team for team in teams_of(platform, lob) if platform.teams[team].mlops)
    return tuple(team_role("mlops", team) for team in teams)


def teams_of(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the names of a line's teams."""
    return tuple(name for name, team in platform.teams.items() if team.lob == lob)


def models_of(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the names of a line's models."""
    return tuple(
        name for name, model in platform.models.items() if platform.teams[model.team].lob == lob
    )


def lake_account(platform: Platform, dataset: str) -> AccountMade:
    """Return the account whose copy of a data set is granted to others: its owner's `prod`."""
    owner = platform.datasets[dataset].owner
    made = platform.accounts_of("data-management")
    return next(a for a in made if a.key == owner and a.environment == "prod")


def granted(platform: Platform, lob: str) -> tuple[str, ...]:
    """Return the names of the data sets that a line of business may read."""
    return tuple(name for name, data in platform.datasets.items() if lob in data.share)


def consumer_roles(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    """Return the names of the roles in a line's account that read granted data: jobs, scientists
    and their execution roles, and in production the model (what scores runs as the model)."""
    lob = account.lob or ""
    if account.kind == "data-science":
        return (
            "job",
            *scientist_roles(platform, lob),
            *(studio_role(person) for person in scientists(platform, lob)),
        )
    return ("model",) if account.kind == "production" else ("job",)


def consumers(platform: Platform, dataset: str) -> tuple[str, ...]:
    """Return the ARNs of every role that a data set is granted to."""
    return tuple(
        role_arn(account.name, name)
        for lob in platform.datasets[dataset].share
        for kind in LINE_KINDS
        for account in platform.accounts_of(kind, lob)
        for name in consumer_roles(platform, account)
    )


def consumer_endpoints(platform: Platform, dataset: str) -> tuple[str, ...]:
    """Return the VPC endpoints for S3 of the accounts that a data set is shared with."""
    return tuple(
        output(account.name, stack_name("network"), STORAGE_ENDPOINT)
        for lob in platform.datasets[dataset].share
        for kind in LINE_KINDS
        for account in platform.accounts_of(kind, lob)
    )


def consumer_stacks(platform: Platform, dataset: str) -> tuple[Address, ...]:
    """Return the stacks that make those roles."""
    return tuple(
        stack_address(account.name, "roles")
        for lob in platform.datasets[dataset].share
        for kind in LINE_KINDS
        for account in platform.accounts_of(kind, lob)
    )


def engineering_teams(platform: Platform) -> tuple[str, ...]:
    """Return the teams that have data engineers: they publish every data set, for the file does
    not say which team a data set comes from."""
    return tuple(name for name, team in platform.teams.items() if team.data_engineers)


def model_name(model: str) -> str:
    """Return what a model is called in AWS: `-staging` and the like must still fit behind it."""
    return names.shorten(model, names.SAGEMAKER - len("-staging"))


_ENDINGS = {"uat": "-staging", "production": ""}


def endpoint(model: str, stage: str) -> str:
    """Return the name of a model's endpoint in a stage (`churn`, `churn-staging`, `churn-dev`)."""
    return f"{model_name(model)}{_ENDINGS.get(stage, '-dev')}"


def model_stack(model: str, stage: str) -> str:
    """Return the name of the stack of a model's endpoint in a stage; guardrails tell such stacks by
    how their names begin."""
    return f"model-{endpoint(model, stage)}"


def image_arn(platform: Platform, model: str) -> str:
    """Return the ARN of a model's image repository in shared services."""
    return _shared_arn(platform, "ecr", f"repository/{model_name(model)}")


def repository_arn(platform: Platform, model: str) -> str:
    """Return the ARN of a model's code repository in shared services."""
    return _shared_arn(platform, "codecommit", repository(platform, model))


def repository(platform: Platform, model: str) -> str:
    """Return the name of a model's CodeCommit repository."""
    repo = platform.models[model].repo
    return (repo.name if repo is not None else None) or model


def in_codecommit(platform: Platform, models: Iterable[str]) -> tuple[str, ...]:
    """Return the models whose code lies in CodeCommit, and not over a connection."""
    return tuple(model for model in models if platform.models[model].connection is None)


def is_science(account: AccountMade) -> bool:
    """Whether an account is one that data scientists experiment in."""
    return account.kind == "data-science"


def own_bucket(platform: Platform, account: AccountMade) -> str:
    """Return the bucket of outputs of a line's account."""
    made = workspace_bucket if is_science(account) else stage_bucket
    return made(platform, account.name)


def own_alias(account: AccountMade) -> str:
    """Return the alias of the key of that bucket."""
    return WORKSPACE_ALIAS if is_science(account) else STAGE_ALIAS


def group_arn(platform: Platform, model: str) -> str:
    """Return the ARN of a model's package group in the registry."""
    return _shared_arn(platform, "sagemaker", f"model-package-group/{model_name(model)}")


def package_arns(platform: Platform, model: str) -> str:
    """Return the pattern of the ARNs of a model's registered versions."""
    return _shared_arn(platform, "sagemaker", f"model-package/{model_name(model)}/*")


def group_path(team: str) -> str:
    """Return the path below which a line's accounts have the ARNs of a team's package groups."""
    return f"/landrail/models/{team}"


def readers(platform: Platform, model: str) -> tuple[str, ...]:
    """Return the roles of people that may find and read a model's versions from the accounts of its
    line; machines have what they need by name."""
    team = platform.models[model].team
    entry = platform.teams[team]
    found = []
    for account in (a for kind in LINE_KINDS for a in platform.accounts_of(kind, entry.lob)):
        roles = []
        if entry.scientists and account.kind != "production":
            roles.append(team_role("data-scientist", team))
        if account.kind == "data-science":
            roles += [studio_role(person) for person in entry.scientists]
        elif entry.mlops:
            roles.append(team_role("mlops", team))
        found += [role_arn(account.name, name) for name in dict.fromkeys(roles)]
    return tuple(found)


def pipeline_arn(platform: Platform, model: str, suffix: str = "") -> str:
    """Return the ARN of a model's pipeline, or with `-release` of its second one."""
    return _shared_arn(platform, "codepipeline", f"{model_name(model)}{suffix}")


def project_arn(platform: Platform, model: str, step: str) -> str:
    """Return the ARN of a build project of a model."""
    return _shared_arn(platform, "codebuild", f"project/{model_name(model)}-{step}")


def _shared_arn(platform: Platform, service: str, resource: str) -> str:
    shared = account_id(platform.shared_services().name)
    return f"arn:aws:{service}:{platform.region}:{shared}:{resource}"


def package_domain(platform: Platform) -> str:
    """Return the name of the domain of package repositories."""
    return names.shorten(platform.platform, 50)


def shared_arns(platform: Platform, service: str, *resources: str) -> list[str]:
    """Return ARNs of things of one service in shared services."""
    return [_shared_arn(platform, service, one) for one in resources]
