"""SageMaker domains: the network of their apps, who signs in how, and whose key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described
from landrail.inventory.sagemaker import common
from landrail.inventory.table import Column, Row, Table, listed


def _row(ask: Ask, answer: Mapping[str, Any]) -> Row:
    return {
        **common(ask, answer, answer["DomainName"], answer["DomainArn"], answer["DomainId"]),
        "vpc_only": answer.get("AppNetworkAccessType") == "VpcOnly",
        "vpc": answer.get("VpcId"),
        "subnets": listed(answer.get("SubnetIds") or ()),
        "auth_mode": answer.get("AuthMode"),
        "kms_key": answer.get("KmsKeyId") or answer.get("HomeEfsFileSystemKmsKeyId"),
        "execution_role": (answer.get("DefaultUserSettings") or {}).get("ExecutionRole"),
        "status": answer.get("Status"),
    }


_READING = Described(
    service="sagemaker",
    list="ListDomains",
    member="Domains",
    name="DomainId",
    describe="DescribeDomain",
    row=_row,
)

TABLE = Table(
    name="sagemaker_domains",
    resource_type="AWS::SageMaker::Domain",
    services=("sagemaker",),
    columns=(
        Column("vpc_only", "boolean", "whether its apps go by its VPC alone"),
        Column("vpc", "text", "its VPC"),
        Column("subnets", "text", "its subnets, each between commas"),
        Column("auth_mode", "text", "`IAM` or `SSO`"),
        Column("kms_key", "text", "the KMS key of its file system"),
        Column("execution_role", "text", "the role that its users' apps run as by default"),
        Column("status", "text", "its status, as SageMaker says it"),
    ),
    collect=_READING.collect,
    one=_READING.one,
    reads=("sagemaker:DescribeDomain", "sagemaker:ListDomains", "sagemaker:ListTags"),
)
