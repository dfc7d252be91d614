"""SageMaker notebook instances: which network they are in, whose keys, and what their users may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, last
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table, listed


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    metadata = answer.get("InstanceMetadataServiceConfiguration") or {}
    name, arn = answer["NotebookInstanceName"], answer["NotebookInstanceArn"]
    return {
        **common(ask, answer, name, arn),
        "direct_internet": answer.get("DirectInternetAccess") != "Disabled",
        "root_access": answer.get("RootAccess") != "Disabled",
        "kms_key": answer.get("KmsKeyId"),
        "subnet": answer.get("SubnetId"),
        "security_groups": listed(answer.get("SecurityGroups") or ()),
        "platform": answer.get("PlatformIdentifier"),
        "imds_version": metadata.get("MinimumInstanceMetadataServiceVersion"),
        "lifecycle_config": answer.get("NotebookInstanceLifecycleConfigName"),
        "instance_types": listed([answer["InstanceType"]] if "InstanceType" in answer else ()),
        "role": answer.get("RoleArn"),
        "status": answer.get("NotebookInstanceStatus"),
    }


_READING = Described(
    service="sagemaker",
    list="ListNotebookInstances",
    member="NotebookInstances",
    name="NotebookInstanceName",
    describe="DescribeNotebookInstance",
    name_of=last,
    row=_row,
)

TABLE = Table(
    name="sagemaker_notebook_instances",
    resource_type="AWS::SageMaker::NotebookInstance",
    services=("sagemaker",),
    columns=(
        Column("direct_internet", "boolean", "whether SageMaker gives it a way to the internet"),
        Column("root_access", "boolean", "whether its users are root"),
        Column("kms_key", "text", "the KMS key of its volume"),
        Column("subnet", "text", "the subnet that it is in, null outside a VPC"),
        Column("security_groups", "text", "its security groups, each between commas"),
        Column("platform", "text", "its platform, `notebook-al2023-v1`"),
        Column("imds_version", "text", "the least version of the metadata service, `1` or `2`"),
        Column("lifecycle_config", "text", "the lifecycle configuration that it starts with"),
        Column("instance_types", "text", "the instance that it runs on, between commas"),
        Column("role", "text", "the role that it runs as"),
        Column("status", "text", "its status, as SageMaker says it"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=(
        "sagemaker:DescribeNotebookInstance",
        "sagemaker:ListNotebookInstances",
        "sagemaker:ListTags",
    ),
)
