"""The account that the tests of this folder look at."""

from __future__ import annotations

from typing import Any

import pytest
from inventory_place import Place

from landrail.aws.registry import Registry
from landrail.images import File, build, host_base

_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
_SERVICES = {
    "Effect": "Allow",
    "Principal": {
        "Service": [
            *("sagemaker.amazonaws.com", "codebuild.amazonaws.com", "lambda.amazonaws.com"),
            *("codepipeline.amazonaws.com", "glue.amazonaws.com"),
        ]
    },
    "Action": "sts:AssumeRole",
}


@pytest.fixture(scope="session")
def place(local_aws: Any) -> Place:
    """The account, with a role whose sessions are narrowed to what a table takes."""
    return _place(local_aws, "inventory")


@pytest.fixture(scope="module")
def recorded_place(local_aws: Any) -> Place:
    """Another account like it."""
    return _place(local_aws, "recorded-inventory")


def _place(local_aws: Any, name: str) -> Place:
    account = local_aws.account(name)
    reader = local_aws.role(account, "reader", _EVERYTHING)
    made = Place(local_aws, account, local_aws.administrator(account), reader)
    made.neighbour = local_aws.account("neighbour")
    made.organization = made.client("organizations").describe_organization()["Organization"]["Id"]
    trust = {"Version": "2012-10-17", "Statement": [_SERVICES]}
    made.worker = local_aws.role(account, "worker", _EVERYTHING, trust)
    made.image = _image(made)
    return made


def _image(place: Place) -> str:
    ecr = place.client("ecr")
    uri = ecr.create_repository(repositoryName="image")["repository"]["repositoryUri"]
    image = build(host_base(), {"main.py": File(b"")}, [], ("python", "/opt/program/main.py"), {})
    return str(Registry(ecr, uri.split("/")[0]).push(image, "image", tag="latest"))
