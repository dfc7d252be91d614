"""What the tests of the code services share: an account, people in it, roles, buckets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from code_builder import ROLE, Builder
from code_people import REGION, Person, allow, trust
from code_workshop import Workshop


@pytest.fixture
def account(local_aws: Any) -> str:
    return str(local_aws.account("code"))


@pytest.fixture
def person(local_aws: Any, account: str, tmp_path: Path) -> Person:
    """An administrator of the account."""
    home = tmp_path / "home"
    home.mkdir()
    return Person(local_aws.administrator(account), local_aws.endpoint, home)


@pytest.fixture
def someone(local_aws: Any, account: str, tmp_path: Path) -> Callable[..., Person]:
    """Make a person with a role of the given policy."""

    def make(name: str, policy: dict[str, Any] | None) -> Person:
        home = tmp_path / name
        home.mkdir()
        session = local_aws.assume(local_aws.role(account, name, policy))
        return Person(session, local_aws.endpoint, home)

    return make


@pytest.fixture
def service_role(local_aws: Any, account: str) -> Callable[..., str]:
    """Make a role that a service enters."""

    def make(name: str, policy: dict[str, Any], *services: str) -> str:
        return str(local_aws.role(account, name, policy, trust(*services)))

    return make


@pytest.fixture
def bucket(person: Person, account: str) -> Callable[[str], str]:
    """Make a versioned bucket."""

    def make(name: str) -> str:
        s3 = person.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    return make


@pytest.fixture
def builder(
    person: Person, service_role: Callable[..., str], unique: Callable[[str], str]
) -> Builder:
    role = service_role(unique("build"), ROLE, "codebuild.amazonaws.com")
    return Builder(person, role, unique)


@pytest.fixture
def workshop(
    person: Person,
    service_role: Callable[..., str],
    bucket: Callable[[str], str],
    unique: Callable[[str], str],
) -> Workshop:
    name = unique("pipe")
    actions = ("s3:*", "codecommit:*", "codebuild:*", "cloudformation:*", "ssm:*", "logs:*")
    role = service_role(name, allow(*actions), "codepipeline.amazonaws.com")
    builder = service_role(f"{name}-b", allow("s3:*", "logs:*"), "codebuild.amazonaws.com")
    person.client("codecommit").create_repository(repositoryName=name)
    person.client("codebuild").create_project(
        name=name,
        source={"type": "CODEPIPELINE"},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "host",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=builder,
    )
    return Workshop(person, name, name, role, bucket(f"{name}-store"), name)
