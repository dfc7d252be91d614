"""EC2 instances that are not gone: their addresses and their metadata service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.ec2 import named
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    for reservation in items(ask, "ec2", "DescribeInstances", "Reservations"):
        for instance in reservation.get("Instances") or ():
            if instance["State"]["Name"] != "terminated":
                yield _row(ask, instance)


def _row(ask: Ask, instance: Mapping[str, Any]) -> Row:
    interfaces = instance.get("NetworkInterfaces") or ()
    addresses = (one.get("Association") or {} for one in interfaces)
    return {
        **named(ask, "instance", instance, "InstanceId"),
        "created": instance.get("LaunchTime"),
        "public_ip": bool(instance.get("PublicIpAddress"))
        or any(address.get("PublicIp") for address in addresses),
        "imds_tokens": (instance.get("MetadataOptions") or {}).get("HttpTokens"),
        "imds_endpoint": (instance.get("MetadataOptions") or {}).get("HttpEndpoint"),
        "instance_types": listed([instance["InstanceType"]] if "InstanceType" in instance else ()),
        "subnet": instance.get("SubnetId"),
        "profile": (instance.get("IamInstanceProfile") or {}).get("Arn"),
    }


TABLE = Table(
    name="ec2_instances",
    resource_type="AWS::EC2::Instance",
    services=("ec2",),
    columns=(
        Column("public_ip", "boolean", "whether it has a public IPv4 address"),
        Column("imds_tokens", "text", "`required` where its metadata service is IMDSv2 alone"),
        Column("imds_endpoint", "text", "`disabled` where it has no metadata service"),
        Column("instance_types", "text", "its instance type, between commas"),
        Column("subnet", "text", "its subnet"),
        Column("profile", "text", "its instance profile"),
    ),
    collect=_collect,
    reads=("ec2:DescribeInstances",),
)
