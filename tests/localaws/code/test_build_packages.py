"""pip in builds: what comes from CodeArtifact is for the build that asks for it alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from code_builder import Builder
from code_people import Person, allow
from test_codeartifact import Shelf

READ = ("codeartifact:GetAuthorizationToken", "codeartifact:GetRepositoryEndpoint")
SPEC = """
version: 0.2
env: {shell: bash}
phases:
  install:
    commands:
      - >-
        place="--domain %(domain)s --domain-owner %(owner)s";
        token=$(aws codeartifact get-authorization-token $place --query authorizationToken
        --output text);
        url=$(aws codeartifact get-repository-endpoint $place --repository libs --format pypi
        --query repositoryEndpoint --output text)
      - export PIP_INDEX_URL="${url/:\\/\\//://aws:$token@}simple/" PIP_NO_CACHE_DIR=1
      - pip install -q --disable-pip-version-check --no-input land-words
  build:
    commands:
      - python -c "import land_words, pip, sys; print(land_words.WORD, sys.prefix)"
      - python -c "import boto3; print('boto3 is there')"
      - pip show land-words | grep Version
      - landrail --version
"""


@pytest.fixture
def shelf(person: Person, account: str, unique: Callable[[str], str]) -> Shelf:
    domain = unique("dom")
    client = person.client("codeartifact")
    client.create_domain(domain=domain)
    client.create_repository(domain=domain, repository="libs")
    return Shelf(person, account, domain, "libs")


def test_a_build_installs_a_package_for_itself_alone(
    builder: Builder,
    shelf: Shelf,
    service_role: Callable[..., str],
    unique: Callable[[str], str],
) -> None:
    assert shelf.upload("land_words", "1.0", "from the shelf") == 200
    actions = (*READ, "codeartifact:ReadFromRepository", "sts:GetServiceBearerToken", "logs:*")
    role = service_role(unique("installer"), allow(*actions), "codebuild.amazonaws.com")
    spec = SPEC % {"domain": shelf.domain, "owner": shelf.owner}
    build = builder.run(builder.project(spec, serviceRole=role))
    lines = builder.lines(build)
    assert build["buildStatus"] == "SUCCEEDED", lines
    assert any(one.startswith("from the shelf ") for one in lines)
    assert "boto3 is there" in lines
    assert "Version: 1.0" in lines
    assert any(one.startswith("landrail") for one in lines)
    assert not list(Path(sys.prefix).glob("lib/*/site-packages/land_words*"))
    mute = allow(*READ, "sts:GetServiceBearerToken", "logs:*")
    role = service_role(unique("mute"), mute, "codebuild.amazonaws.com")
    build = builder.run(builder.project(spec, serviceRole=role))
    assert build["buildStatus"] == "FAILED"
    assert "No matching distribution found for land-words" in builder.log(build)


def test_a_version_is_published_once(shelf: Shelf) -> None:
    assert shelf.upload("land_words", "1.0") == 200
    assert shelf.upload("land_words", "1.0", "another") == 409
    assert shelf.upload("land_words", "1.1", "another") == 200
