"""What the tables of SageMaker share: where something runs, its tags, and its monitors' job
definitions, which are four types of one shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last, plain, told_tags
from landrail.inventory.table import Column, Row, Table, listed

PLACE = (
    Column("in_vpc", "boolean", "whether it runs in a VPC"),
    Column("subnets", "text", "its subnets, each between commas"),
    Column("security_groups", "text", "its security groups, each between commas"),
)
NETWORK = (
    Column("network_isolation", "boolean", "whether its containers reach no network"),
    Column("traffic_encrypted", "boolean", "whether traffic between its nodes is encrypted"),
    *PLACE,
)
"""Columns of what runs with a network of its own."""


def placed(vpc: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns `PLACE` of a `VpcConfig`."""
    given = vpc or {}
    return {
        "in_vpc": bool(given.get("Subnets")),
        "subnets": listed(given.get("Subnets") or ()),
        "security_groups": listed(given.get("SecurityGroupIds") or ()),
    }


def network(config: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the columns `NETWORK` of a `NetworkConfig`, as monitors and processing have one."""
    given = config or {}
    return {
        "network_isolation": bool(given.get("EnableNetworkIsolation")),
        "traffic_encrypted": bool(given.get("EnableInterContainerTrafficEncryption")),
        **placed(given.get("VpcConfig")),
    }


def common(
    ask: Ask, answer: Mapping[str, Any], name: str, arn: str, resource_id: str | None = None
) -> dict[str, Any]:
    """Return what every table has, from a description; the id is the ARN unless told otherwise, as
    CloudFormation and Config have it."""
    return {
        "resource_id": resource_id or arn,
        "resource_name": name,
        "arn": arn,
        "created": answer.get("CreationTime"),
        "tags": told_tags(ask, "sagemaker", "ListTags", "Tags", ResourceArn=arn),
        "configuration": plain(answer),
    }


def definitions(kind: str, table: str) -> Table:
    """Return the table of one kind of job definitions of a monitor (`DataQuality`)."""
    reading = Described(
        service="sagemaker",
        list=f"List{kind}JobDefinitions",
        member="JobDefinitionSummaries",
        name="MonitoringJobDefinitionName",
        describe=f"Describe{kind}JobDefinition",
        parameter="JobDefinitionName",
        name_of=last,
        row=partial(_definition, kind),
    )
    return Table(
        name=table,
        resource_type=f"AWS::SageMaker::{kind}JobDefinition",
        services=("sagemaker",),
        columns=(
            *NETWORK,
            Column("instance_types", "text", "the instances that it runs on, between commas"),
            Column("volume_key", "text", "the KMS key of their volumes"),
            Column("output_key", "text", "the KMS key of what it writes"),
        ),
        collect=reading.collect,
        one=reading.one,
        reads=(
            f"sagemaker:Describe{kind}JobDefinition",
            f"sagemaker:List{kind}JobDefinitions",
            "sagemaker:ListTags",
        ),
    )


def _definition(kind: str, ask: Ask, answer: Mapping[str, Any]) -> Row:
    cluster = (answer.get("JobResources") or {}).get("ClusterConfig") or {}
    output = answer.get(f"{kind}JobOutputConfig") or {}
    return {
        **common(ask, answer, answer["JobDefinitionName"], answer["JobDefinitionArn"]),
        **network(answer.get("NetworkConfig")),
        "instance_types": listed([cluster["InstanceType"]] if "InstanceType" in cluster else ()),
        "volume_key": cluster.get("VolumeKmsKeyId"),
        "output_key": output.get("KmsKeyId"),
    }
