"""Deleting what CloudFormation was told to keep, where a person asked for the data to go too.

A resource that AWS does not let go (a locked object, a type not listed here) is reported, never
passed over in silence. Keys are not deleted at once: AWS keeps them for thirty days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from landrail.aws.entering import NoEntry
from landrail.aws.errors import CallError, message
from landrail.aws.sessions import Connection, Identity
from landrail.aws.stacks import SERVICE
from landrail.aws.world import World
from landrail.resources import Address

_Purge = Callable[[Connection, Identity, str], None]
_KEY_DAYS = 30


def retained_resources(
    world: World, who: Identity, stack: str, logical_ids: Collection[str]
) -> dict[str, str]:
    """Return physical id -> type of some resources of a stack."""
    answer = world.connection.call(who, SERVICE, "DescribeStackResources", StackName=stack)
    return {
        r["PhysicalResourceId"]: r["ResourceType"]
        for r in answer["StackResources"]
        if r.get("PhysicalResourceId") and r["LogicalResourceId"] in logical_ids
    }


def purge(world: World, address: Address, kept: Mapping[str, str]) -> Iterator[str]:
    """Delete retained resources; yield a line for each that stays, with AWS's reason."""
    for physical_id, resource_type in sorted(kept.items(), key=_buckets_first):
        remove = _PURGES.get(resource_type)
        if remove is None:
            yield f"{address}: {resource_type} {physical_id} stays: Landrail cannot delete it"
            continue
        reason = _tried(world, address.scope, remove, physical_id)
        if reason is not None:
            yield f"{address}: {resource_type} {physical_id} stays: {reason}"


def _tried(world: World, account: str, remove: _Purge, physical_id: str) -> str | None:
    """Try as the platform role, then by the first door; None where it is gone."""
    account_id = world.id("account", account)
    reason = "nobody may enter the account"
    for enter in (world.entrances.platform_only, world.entrances.first_door):
        try:
            who = enter(account_id)
            if who is not None:
                remove(world.connection, who, physical_id)
                return None
        except (NoEntry, *CallError) as error:
            reason = message(error)
    return reason


def _buckets_first(entry: tuple[str, str]) -> tuple[bool, str]:
    return entry[1] != "AWS::S3::Bucket", entry[0]


def _bucket(connection: Connection, who: Identity, name: str) -> None:
    while True:
        page = connection.call(who, "s3", "ListObjectVersions", Bucket=name)
        objects = [
            {"Key": o["Key"], "VersionId": o["VersionId"]}
            for o in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        ]
        if not objects:
            break
        deleted = connection.call(
            who, "s3", "DeleteObjects", Bucket=name, Delete={"Objects": objects, "Quiet": True}
        )
        if deleted.get("Errors"):
            break  # deleting the bucket then fails with AWS's own words
    connection.call(who, "s3", "DeleteBucket", Bucket=name)


def _key(connection: Connection, who: Identity, key_id: str) -> None:
    connection.call(who, "kms", "ScheduleKeyDeletion", KeyId=key_id, PendingWindowInDays=_KEY_DAYS)


def _image_repository(connection: Connection, who: Identity, name: str) -> None:
    connection.call(who, "ecr", "DeleteRepository", repositoryName=name, force=True)


def _package_group(connection: Connection, who: Identity, arn: str) -> None:
    name = arn.rpartition("/")[2]
    packages = connection.listed(
        who,
        "sagemaker",
        "ListModelPackages",
        "ModelPackageSummaryList",
        ModelPackageGroupName=name,
    )
    for package in list(packages):
        package_arn = package["ModelPackageArn"]
        connection.call(who, "sagemaker", "DeleteModelPackage", ModelPackageName=package_arn)
    connection.call(who, "sagemaker", "DeleteModelPackageGroup", ModelPackageGroupName=name)


def _code_repository(connection: Connection, who: Identity, repository_id: str) -> None:
    listed = connection.listed(who, "codecommit", "ListRepositories", "repositories")
    for repository in list(listed):
        if repository_id in (repository["repositoryId"], repository["repositoryName"]):
            name = repository["repositoryName"]
            connection.call(who, "codecommit", "DeleteRepository", repositoryName=name)


def _package_domain(connection: Connection, who: Identity, arn: str) -> None:
    name = arn.rpartition("/")[2]
    connection.call(who, "codeartifact", "DeleteDomain", domain=name)


def _package_repository(connection: Connection, who: Identity, arn: str) -> None:
    domain, _, name = arn.partition("repository/")[2].partition("/")
    connection.call(who, "codeartifact", "DeleteRepository", domain=domain, repository=name)


def _simple(service: str, operation: str, parameter: str) -> _Purge:
    def remove(connection: Connection, who: Identity, name: str) -> None:
        given: dict[str, Any] = {parameter: name}
        connection.call(who, service, operation, **given)

    return remove


_PURGES: Mapping[str, _Purge] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _simple("kms", "DeleteAlias", "AliasName"),
    "AWS::ECR::Repository": _image_repository,
    "AWS::SageMaker::ModelPackageGroup": _package_group,
    "AWS::CodeCommit::Repository": _code_repository,
    "AWS::CodeArtifact::Domain": _package_domain,
    "AWS::CodeArtifact::Repository": _package_repository,
    "AWS::Logs::LogGroup": _simple("logs", "DeleteLogGroup", "logGroupName"),
    "AWS::Glue::Database": _simple("glue", "DeleteDatabase", "Name"),
}
