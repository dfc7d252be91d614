"""Rules of SageMaker's training, processing and transform jobs, which Config does not record: they
are this project's own, and evaluated by the audit alone."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.rules.alike import in_allowed_subnets, of_allowed_types
from landrail.rules.rule import Rule

_WITH_NETWORK = ("training", "processing")
_KINDS = (*_WITH_NETWORK, "transform")


def _rules() -> Iterator[Rule]:
    for kind in _KINDS:
        yield from _of_any(kind, f"sagemaker_{kind}_jobs")
    for kind in _WITH_NETWORK:
        yield from _with_network(kind, f"sagemaker_{kind}_jobs")


def _of_any(kind: str, table: str) -> Iterator[Rule]:
    yield Rule(
        name=f"sagemaker-{kind}-job-volume-key",
        table=table,
        wrong="volume_key IS NULL",
        says=f"the volumes of the {kind} job's instances have no KMS key",
    )
    yield Rule(
        name=f"sagemaker-{kind}-job-output-key",
        table=table,
        wrong="output_key IS NULL",
        says=f"what the {kind} job writes has no KMS key",
    )
    yield of_allowed_types(
        f"sagemaker-{kind}-job", table, f"the {kind} job ran on an instance type"
    )


def _with_network(kind: str, table: str) -> Iterator[Rule]:
    yield in_allowed_subnets(f"sagemaker-{kind}-job", table, f"the {kind} job was not")
    yield Rule(
        name=f"sagemaker-{kind}-job-in-vpc",
        table=table,
        wrong="NOT in_vpc",
        says=f"the {kind} job was not in a VPC",
    )
    yield Rule(
        name=f"sagemaker-{kind}-job-image-allowed",
        table=table,
        applies=":allowedImages <> ''",
        wrong="NOT ALL_AMONG(images, :allowedImages)",
        says=f"the {kind} job ran an image that is not allowed",
        parameters={"allowedImages": ""},
    )
    yield Rule(
        name=f"sagemaker-{kind}-job-isolation",
        table=table,
        wrong="NOT network_isolation",
        says=f"the {kind} job's containers reached the network",
    )
    yield Rule(
        name=f"sagemaker-{kind}-job-traffic-encryption",
        table=table,
        wrong="NOT traffic_encrypted",
        says=f"traffic between the {kind} job's instances was not encrypted",
    )


RULES = tuple(_rules())
