"""SageMaker models: the network of their containers, and where their images come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last
from landrail.inventory.sagemaker import PLACE, common, placed
from landrail.inventory.table import Column, Row, Table, listed


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    primary = answer.get("PrimaryContainer") or {}
    several = answer.get("Containers") or ()
    images = [c["Image"] for c in (primary, *several) if c.get("Image")]
    return {
        **common(ask, answer, answer["ModelName"], answer["ModelArn"]),
        **placed(answer.get("VpcConfig")),
        "network_isolation": bool(answer.get("EnableNetworkIsolation")),
        "primary_container": bool(primary),
        "containers": len(several),
        "primary_from_vpc": _from_vpc(primary),
        "containers_from_vpc": all(map(_from_vpc, several)),
        "images": listed(images),
        "images_of_account": listed(image for image in images if _is_of(image, ask.account)),
        "images_by_digest": all("@sha256:" in image for image in images),
        "role": answer.get("ExecutionRoleArn"),
    }


def _from_vpc(container: Mapping[str, Any]) -> bool:
    return (container.get("ImageConfig") or {}).get("RepositoryAccessMode") == "Vpc"


def _is_of(image: str, account: str) -> bool:
    return image.startswith(f"{account}.dkr.ecr.")


_READING = Described(
    service="sagemaker",
    list="ListModels",
    member="Models",
    name="ModelName",
    describe="DescribeModel",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_models",
    resource_type="AWS::SageMaker::Model",
    services=("sagemaker",),
    columns=(
        *PLACE,
        Column("network_isolation", "boolean", "whether its containers reach no network"),
        Column("primary_container", "boolean", "whether it has a primary container"),
        Column("containers", "integer", "how many containers a model of several has"),
        Column("primary_from_vpc", "boolean", "its primary image is from a registry in a VPC"),
        Column("containers_from_vpc", "boolean", "so are all of its several images"),
        Column("images", "text", "its images, each between commas"),
        Column("images_of_account", "text", "those of them in its own account's registry"),
        Column("images_by_digest", "boolean", "whether all are named by digest"),
        Column("role", "text", "the role that it runs as"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=("sagemaker:DescribeModel", "sagemaker:ListModels", "sagemaker:ListTags"),
)
