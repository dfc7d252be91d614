"""The private network of the accounts that train and serve: a VPC with no way to the internet, two
subnets, endpoints for what jobs and people use, and the ids by SSM parameter."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from landrail.compiler import names, site
from landrail.compiler.parts.templates import Resources, ref, resource, template
from landrail.compiler.statements import document, of_organization
from landrail.resources import Stack, organization_id
from landrail.spec import Platform

_EVERYWHERE = (
    "ecr.api",
    "ecr.dkr",
    "kms",
    "logs",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "sts",
)
_SCIENCE = (
    "athena",
    "codeartifact.api",
    "codeartifact.repositories",
    "git-codecommit",
    "glue",
    "sagemaker.featurestore-runtime",
)
_SUBNETS = ("SubnetA", "SubnetB")
_NAME = "landrail"


def endpoints(kind: str) -> tuple[str, ...]:
    """Return the interface endpoints that an account of a kind is recommended to have; each is
    paid by the hour and subnet."""
    more = _SCIENCE if kind in ("data-science", "development") else ()
    return tuple(sorted((*_EVERYWHERE, *more)))


def compile_network(platform: Platform) -> Iterator[Stack]:
    """Yield the network stack of each line's account."""
    for kind in site.LINE_KINDS:
        for account in platform.accounts_of(kind):
            made = template(
                "Landrail: private network with the recommended endpoints",
                _vpc(platform),
                _security_groups(platform),
                _endpoints(platform, kind),
                _parameters(),
            )
            made["Outputs"] = {
                **{
                    name: {"Value": ref(name)} for name in ("Vpc", *_SUBNETS, site.STORAGE_ENDPOINT)
                },
                "WorkloadsGroup": {"Value": {"Fn::GetAtt": ["Workloads", "GroupId"]}},
            }
            yield site.stack(platform, account.name, "network", made)


def _vpc(platform: Platform) -> Resources:
    block = ip_network(platform.network.cidr)
    halves = list(block.subnets(prefixlen_diff=1))
    made = {
        "Vpc": resource(
            "AWS::EC2::VPC",
            {
                "CidrBlock": str(block),
                "EnableDnsHostnames": True,
                "EnableDnsSupport": True,
                "Tags": _tags(_NAME),
            },
        ),
        "Routes": resource("AWS::EC2::RouteTable", {"VpcId": ref("Vpc"), "Tags": _tags(_NAME)}),
    }
    for number, (logical, half) in enumerate(zip(_SUBNETS, halves, strict=True)):
        made[logical] = resource(
            "AWS::EC2::Subnet",
            {
                "VpcId": ref("Vpc"),
                "CidrBlock": str(half),
                "AvailabilityZone": {"Fn::Select": [number, {"Fn::GetAZs": ""}]},
                "MapPublicIpOnLaunch": False,
                "Tags": _tags(f"{_NAME}-{number + 1}"),
            },
        )
        made[f"{logical}Routes"] = resource(
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": ref(logical), "RouteTableId": ref("Routes")},
        )
    return made


def _security_groups(platform: Platform) -> Resources:
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    # Egress to everywhere ends at the endpoints: the route table has no way to the internet.
    workloads = {
        "GroupDescription": "Jobs and endpoints: HTTPS out, all traffic among themselves",
        "VpcId": ref("Vpc"),
        "SecurityGroupEgress": [{**https, "CidrIp": "0.0.0.0/0", "Description": "Endpoints"}],
        "Tags": _tags(f"{_NAME}-workloads"),
    }
    doors = {
        "GroupDescription": "Interface endpoints: HTTPS from the VPC",
        "VpcId": ref("Vpc"),
        "SecurityGroupIngress": [
            {**https, "CidrIp": platform.network.cidr, "Description": "From the VPC"}
        ],
        "Tags": _tags(f"{_NAME}-endpoints"),
    }
    among = {
        "GroupId": {"Fn::GetAtt": ["Workloads", "GroupId"]},
        "IpProtocol": "-1",
        "Description": "Among the instances of a job",
    }
    return {
        "Workloads": resource("AWS::EC2::SecurityGroup", workloads),
        "WorkloadsIn": resource(
            "AWS::EC2::SecurityGroupIngress",
            {**among, "SourceSecurityGroupId": {"Fn::GetAtt": ["Workloads", "GroupId"]}},
        ),
        "WorkloadsOut": resource(
            "AWS::EC2::SecurityGroupEgress",
            {**among, "DestinationSecurityGroupId": {"Fn::GetAtt": ["Workloads", "GroupId"]}},
        ),
        "Doors": resource("AWS::EC2::SecurityGroup", doors),
    }


def _endpoints(platform: Platform, kind: str) -> Resources:
    base = f"com.amazonaws.{platform.region}"
    made = {
        site.STORAGE_ENDPOINT: resource(
            "AWS::EC2::VPCEndpoint",
            {
                "VpcId": ref("Vpc"),
                "ServiceName": f"{base}.s3",
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [ref("Routes")],
                "PolicyDocument": _storage_policy(platform),
            },
        )
    }
    for service in endpoints(kind):
        made[names.logical_id("endpoint", *service.split("."))] = resource(
            "AWS::EC2::VPCEndpoint",
            {
                "VpcId": ref("Vpc"),
                "ServiceName": f"{base}.{service}",
                "VpcEndpointType": "Interface",
                "PrivateDnsEnabled": True,
                "SubnetIds": [ref(name) for name in _SUBNETS],
                "SecurityGroupIds": [{"Fn::GetAtt": ["Doors", "GroupId"]}],
                "PolicyDocument": document(_within_organization()),
            },
        )
    return made


def _within_organization() -> dict[str, Any]:
    return {
        "Sid": "OrganizationOnly",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {
            "StringEquals": of_organization(),
            "StringEqualsIfExists": {"aws:ResourceOrgID": organization_id()},
        },
    }


def _storage_policy(platform: Platform) -> dict[str, Any]:
    layers = {
        "Sid": "ImageLayers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::prod-{platform.region}-starport-layer-bucket/*",
    }
    return document(_within_organization(), layers)


def _parameters() -> Resources:
    group = {"Fn::GetAtt": ["Workloads", "GroupId"]}
    subnets = {"Fn::Join": [",", [ref(name) for name in _SUBNETS]]}
    kinds: tuple[tuple[str, str, str, Any], ...] = (
        ("SubnetsParameter", site.SUBNETS, "StringList", subnets),
        ("GroupParameter", site.SECURITY_GROUP, "String", group),
        ("VpcParameter", site.VPC, "String", ref("Vpc")),
    )
    return {
        logical: resource("AWS::SSM::Parameter", {"Name": name, "Type": kind, "Value": value})
        for logical, name, kind, value in kinds
    }


def _tags(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}]
