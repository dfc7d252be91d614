"""The bucket and key of an account that works with data: outputs of jobs in UAT, production and
development, the workspace in data science."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landrail.compiler import site
from landrail.compiler.parts import buckets, keys
from landrail.compiler.parts.templates import template
from landrail.compiler.sections import deployments
from landrail.compiler.sections.machines import STAGES
from landrail.compiler.sections.release_roles import without_endpoint, works_in
from landrail.compiler.statements import Statement, role_arn
from landrail.resources import Stack
from landrail.spec import Platform
from landrail.spec.document import AccountMade


def compile_storage(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of the bucket and key of each line's account."""
    for kind in site.LINE_KINDS:
        for account in platform.accounts_of(kind):
            yield _storage(platform, account)


def _storage(platform: Platform, account: AccountMade) -> Stack:
    science = account.kind == "data-science"
    concern = "workspace" if science else "stage"
    alias = site.WORKSPACE_ALIAS if science else site.STAGE_ALIAS
    bucket = (site.workspace_bucket if science else site.stage_bucket)(platform, account.name)
    users = [role_arn(account.name, name) for name in _users(platform, account)]
    made = template(
        f"Landrail: bucket and key of {account.kind}",
        keys.key(
            platform,
            account.name,
            alias,
            f"Data of {account.name}",
            _key_uses(platform, account, users),
        ),
        buckets.bucket(bucket, _bucket_uses(platform, account, bucket)),
    )
    after = [site.stack_address(account.name, "roles")]
    return site.stack(platform, account.name, concern, made, after=after)


def _users(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    pipelines = ("model", "release", "release-stack") if works_in(platform, account) else ()
    if account.kind == "data-science":
        return (*site.consumer_roles(platform, account), *pipelines)
    if account.kind == "development":
        return ("job", *pipelines, *site.scientist_roles(platform, account.lob or ""))
    return pipelines if account.kind == "production" else ("job", *pipelines)


def _key_uses(platform: Platform, account: AccountMade, users: Sequence[str]) -> list[Statement]:
    services = [keys.via(service, platform.region) for service in ("s3", "sagemaker")]
    actions = keys.OUTPUT if account.kind in STAGES else keys.USE
    made = [keys.used_by("Use", users, services, actions), keys.granted_by("Volumes", users)]
    if account.kind == "data-science":
        made.append(keys.granted_by("StudioVolumes", [role_arn(account.name, "platform")]))
    engineers = site.mlops_roles(platform, account.lob or "")
    if account.kind != "data-science" and engineers:
        # Their identity policy reads the outputs; the key opens to them for that alone.
        arns = [role_arn(account.name, name) for name in engineers]
        made.append(keys.used_by("Look", arns, services[:1], keys.READ))
    return made


def _writers(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    """Who may write at all, if their own policy allows it."""
    if account.kind == "data-science":
        tries = ("model", "release") if without_endpoint(platform, account) else ()
        return (*site.consumer_roles(platform, account), *tries)
    if account.kind == "development":
        tries = ("model", "release") if without_endpoint(platform, account) else ()
        return ("job", *tries, *site.scientist_roles(platform, account.lob or ""))
    if account.kind == "production":
        return ("model", "release")
    captures = bool(deployments.capturing(platform, account))
    serves = captures or without_endpoint(platform, account)
    return ("job", "model", "release") if serves else ("job", "release")


def _bucket_uses(platform: Platform, account: AccountMade, bucket: str) -> list[Statement]:
    # Within an account a bucket's policy allows by itself: here it would open every team's objects
    # to every team, and all of the bucket to a role whose own policy opens a part of it.
    writers = [role_arn(account.name, name) for name in _writers(platform, account)]
    return [buckets.refuse_other_writers(platform, account.name, bucket, writers)]
