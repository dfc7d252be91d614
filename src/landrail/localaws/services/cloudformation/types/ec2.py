"""AWS::EC2 networks: VPC, subnets, route tables, endpoints, flow logs."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import parsed, text
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    DOCUMENT,
    INTEGER,
    TAGS,
    TEXT,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

TAGGING = tags_aspect(
    lambda c, id_, tags: c.call("ec2", "CreateTags", Resources=[id_], Tags=tags),
    lambda c, id_, keys: c.call(
        "ec2", "DeleteTags", Resources=[id_], Tags=[{"Key": key} for key in keys]
    ),
)


def specified(kind: str, props: Props) -> list[dict[str, Any]] | None:
    """Return the tag specification of a creating call; None without tags."""
    tags = props.get("Tags")
    return [{"ResourceType": kind, "Tags": tags}] if tags else None


def described(
    context: Context, operation: str, answer: str, **params: Any
) -> dict[str, Any] | None:
    """Return the one thing that a Describe call finds, or None."""
    things = (found(context, "ec2", operation, **params) or {}).get(answer) or []
    return things[0] if things else None


def _make_vpc(context: Context, props: Props) -> Made:
    vpc = context.call(
        "ec2",
        "CreateVpc",
        TagSpecifications=specified("vpc", props),
        **picked(props, "CidrBlock", "InstanceTenancy"),
    )["Vpc"]
    return Made(vpc["VpcId"], {"VpcId": vpc["VpcId"], "CidrBlock": vpc["CidrBlock"]})


def _vpc_attributes(context: Context, vpc: str, _: Props) -> dict[str, str]:
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    group = described(
        context,
        "DescribeSecurityGroups",
        "SecurityGroups",
        Filters=[*filters, {"Name": "group-name", "Values": ["default"]}],
    )
    acl = described(
        context,
        "DescribeNetworkAcls",
        "NetworkAcls",
        Filters=[*filters, {"Name": "default", "Values": ["true"]}],
    )
    return {
        "DefaultSecurityGroup": str((group or {}).get("GroupId", "")),
        "DefaultNetworkAcl": str((acl or {}).get("NetworkAclId", "")),
    }


_DNS = ("EnableDnsSupport", "EnableDnsHostnames")
_DNS_DEFAULTS = {"EnableDnsSupport": True, "EnableDnsHostnames": False}


def _put_dns(context: Context, vpc: str, new: Props, old: Props) -> None:
    for name in _DNS:
        wanted = new.get(name, _DNS_DEFAULTS[name])
        if wanted != old.get(name, _DNS_DEFAULTS[name]):
            context.call("ec2", "ModifyVpcAttribute", VpcId=vpc, **{name: {"Value": wanted}})


def _read_dns(context: Context, vpc: str, _: Props) -> Props:
    live = {}
    for name in _DNS:
        attribute = name[0].lower() + name[1:]
        answer = context.call("ec2", "DescribeVpcAttribute", VpcId=vpc, Attribute=attribute)
        live[name] = answer[name]["Value"]
    return live


def _read_vpc(context: Context, vpc: str, _: Props) -> Props | None:
    answer = described(context, "DescribeVpcs", "Vpcs", VpcIds=[vpc])
    if answer is None:
        return None
    return {"Tags": [], **picked(answer, "CidrBlock", "InstanceTenancy", "Tags")}


_VPC = ResourceType(
    name="AWS::EC2::VPC",
    properties={
        "CidrBlock": TEXT,
        "EnableDnsHostnames": BOOLEAN,
        "EnableDnsSupport": BOOLEAN,
        "InstanceTenancy": TEXT,
        "Tags": TAGS,
    },
    required=("CidrBlock",),
    replaces=frozenset({"CidrBlock", "InstanceTenancy"}),
    attributes=("CidrBlock", "DefaultNetworkAcl", "DefaultSecurityGroup", "VpcId"),
    create=_make_vpc,
    read=_read_vpc,
    delete=lambda c, vpc, _: gone(c, "ec2", "DeleteVpc", VpcId=vpc),
    aspects=(Aspect(_DNS, _put_dns, _read_dns), TAGGING),
    tags="Tags",
    refresh=_vpc_attributes,
)


def _make_subnet(context: Context, props: Props) -> Made:
    subnet = context.call(
        "ec2",
        "CreateSubnet",
        TagSpecifications=specified("subnet", props),
        **picked(props, "VpcId", "CidrBlock", "AvailabilityZone"),
    )["Subnet"]
    attributes = picked(subnet, "SubnetId", "AvailabilityZone", "CidrBlock", "VpcId")
    return Made(subnet["SubnetId"], attributes)


def _put_public(context: Context, subnet: str, new: Props, _: Props) -> None:
    wanted = {"Value": new.get("MapPublicIpOnLaunch", False)}
    context.call("ec2", "ModifySubnetAttribute", SubnetId=subnet, MapPublicIpOnLaunch=wanted)


def _read_subnet(context: Context, subnet: str, _: Props) -> Props | None:
    answer = described(context, "DescribeSubnets", "Subnets", SubnetIds=[subnet])
    if answer is None:
        return None
    names = ("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "Tags")
    return {"Tags": [], **picked(answer, *names)}


_SUBNET = ResourceType(
    name="AWS::EC2::Subnet",
    properties={
        "AvailabilityZone": TEXT,
        "CidrBlock": TEXT,
        "MapPublicIpOnLaunch": BOOLEAN,
        "Tags": TAGS,
        "VpcId": TEXT,
    },
    required=("VpcId", "CidrBlock"),
    replaces=frozenset({"VpcId", "CidrBlock", "AvailabilityZone"}),
    attributes=("AvailabilityZone", "CidrBlock", "SubnetId", "VpcId"),
    create=_make_subnet,
    read=_read_subnet,
    delete=lambda c, subnet, _: gone(c, "ec2", "DeleteSubnet", SubnetId=subnet),
    aspects=(Aspect(("MapPublicIpOnLaunch",), _put_public), TAGGING),
    tags="Tags",
)


def _make_routes(context: Context, props: Props) -> Made:
    routes = context.call(
        "ec2",
        "CreateRouteTable",
        VpcId=props["VpcId"],
        TagSpecifications=specified("route-table", props),
    )["RouteTable"]
    return Made(routes["RouteTableId"], picked(routes, "RouteTableId"))


def _read_routes(context: Context, routes: str, _: Props) -> Props | None:
    answer = described(context, "DescribeRouteTables", "RouteTables", RouteTableIds=[routes])
    return None if answer is None else {"Tags": [], **picked(answer, "VpcId", "Tags")}


_ROUTES = ResourceType(
    name="AWS::EC2::RouteTable",
    properties={"Tags": TAGS, "VpcId": TEXT},
    required=("VpcId",),
    replaces=frozenset({"VpcId"}),
    attributes=("RouteTableId",),
    create=_make_routes,
    read=_read_routes,
    delete=lambda c, routes, _: gone(c, "ec2", "DeleteRouteTable", RouteTableId=routes),
    aspects=(TAGGING,),
    tags="Tags",
)


def _associate(context: Context, props: Props) -> Made:
    id_ = context.call("ec2", "AssociateRouteTable", **picked(props, "RouteTableId", "SubnetId"))[
        "AssociationId"
    ]
    return Made(id_, {"Id": id_})


def _read_association(context: Context, id_: str, desired: Props) -> Props | None:
    routes = described(
        context, "DescribeRouteTables", "RouteTables", RouteTableIds=[desired["RouteTableId"]]
    )
    for association in (routes or {}).get("Associations", []):
        if association.get("RouteTableAssociationId") == id_:
            return picked(association, "RouteTableId", "SubnetId")
    return None


_ASSOCIATION = ResourceType(
    name="AWS::EC2::SubnetRouteTableAssociation",
    properties={"RouteTableId": TEXT, "SubnetId": TEXT},
    required=("RouteTableId", "SubnetId"),
    replaces=frozenset({"RouteTableId", "SubnetId"}),
    attributes=("Id",),
    create=_associate,
    read=_read_association,
    delete=lambda c, id_, _: gone(c, "ec2", "DisassociateRouteTable", AssociationId=id_),
)


def _make_endpoint(context: Context, props: Props) -> Made:
    endpoint = context.call(
        "ec2",
        "CreateVpcEndpoint",
        PolicyDocument=text(props.get("PolicyDocument")),
        TagSpecifications=specified("vpc-endpoint", props),
        **picked(
            props,
            "VpcId",
            "ServiceName",
            "VpcEndpointType",
            "PrivateDnsEnabled",
            "RouteTableIds",
            "SecurityGroupIds",
            "SubnetIds",
        ),
    )["VpcEndpoint"]
    return Made(endpoint["VpcEndpointId"], {"Id": endpoint["VpcEndpointId"]})


def _read_endpoint(context: Context, id_: str, desired: Props) -> Props | None:
    answer = described(context, "DescribeVpcEndpoints", "VpcEndpoints", VpcEndpointIds=[id_])
    if answer is None or str(answer.get("State", "")).lower() in ("deleted", "deleting"):
        return None
    live: dict[str, Any] = {
        "Tags": [],
        **picked(
            answer,
            "VpcId",
            "ServiceName",
            "VpcEndpointType",
            "PrivateDnsEnabled",
            "RouteTableIds",
            "SubnetIds",
            "Tags",
        ),
    }
    live["SecurityGroupIds"] = [group["GroupId"] for group in answer.get("Groups", [])]
    if not live["SecurityGroupIds"] and "SecurityGroupIds" in desired:
        live["SecurityGroupIds"] = answer.get("SecurityGroupIds", [])
    policy = answer.get("PolicyDocument")
    return live | ({"PolicyDocument": parsed(policy)} if policy else {})


_LISTS = ("RouteTableIds", "SecurityGroupIds", "SubnetIds")


def _put_endpoint(context: Context, id_: str, new: Props, old: Props) -> None:
    changes: dict[str, Any] = {}
    for name in _LISTS:
        wanted, had = new.get(name, []), old.get(name, [])
        changes[f"Add{name}"] = [i for i in wanted if i not in had] or None
        changes[f"Remove{name}"] = [i for i in had if i not in wanted] or None
    if new.get("PolicyDocument") != old.get("PolicyDocument"):
        policy = new.get("PolicyDocument")
        changes["PolicyDocument"] = text(policy)
        changes["ResetPolicy"] = True if policy is None else None
    if new.get("PrivateDnsEnabled") != old.get("PrivateDnsEnabled"):
        changes["PrivateDnsEnabled"] = new.get("PrivateDnsEnabled", False)
    context.call("ec2", "ModifyVpcEndpoint", VpcEndpointId=id_, **changes)


def _drop_endpoint(context: Context, id_: str, _: Props) -> None:
    answer = found(context, "ec2", "DeleteVpcEndpoints", VpcEndpointIds=[id_]) or {}
    for failed in answer.get("Unsuccessful", []):
        error = failed.get("Error", {})
        if not str(error.get("Code", "")).endswith(".NotFound"):
            raise ValueError(f"{error.get('Code')}: {error.get('Message')}")


_ENDPOINT = ResourceType(
    name="AWS::EC2::VPCEndpoint",
    properties={
        "PolicyDocument": DOCUMENT,
        "PrivateDnsEnabled": BOOLEAN,
        "RouteTableIds": some(TEXT),
        "SecurityGroupIds": some(TEXT),
        "ServiceName": TEXT,
        "SubnetIds": some(TEXT),
        "Tags": TAGS,
        "VpcEndpointType": TEXT,
        "VpcId": TEXT,
    },
    required=("VpcId", "ServiceName"),
    replaces=frozenset({"VpcId", "ServiceName", "VpcEndpointType"}),
    attributes=("Id",),
    create=_make_endpoint,
    read=_read_endpoint,
    delete=_drop_endpoint,
    aspects=(
        Aspect((*_LISTS, "PolicyDocument", "PrivateDnsEnabled"), _put_endpoint, on_create=False),
        TAGGING,
    ),
    tags="Tags",
)

_FLOW = (
    "DeliverLogsPermissionArn",
    "LogDestination",
    "LogDestinationType",
    "LogFormat",
    "LogGroupName",
    "MaxAggregationInterval",
    "TrafficType",
)


def _make_flow(context: Context, props: Props) -> Made:
    answer = context.call(
        "ec2",
        "CreateFlowLogs",
        ResourceIds=[props["ResourceId"]],
        ResourceType=props["ResourceType"],
        TagSpecifications=specified("vpc-flow-log", props),
        **picked(props, *_FLOW),
    )
    for failed in answer.get("Unsuccessful", []):
        raise ValueError(str(failed.get("Error", {}).get("Message")))
    return Made(answer["FlowLogIds"][0], {"Id": answer["FlowLogIds"][0]})


def _read_flow(context: Context, id_: str, desired: Props) -> Props | None:
    answer = described(context, "DescribeFlowLogs", "FlowLogs", FlowLogIds=[id_])
    if answer is None:
        return None
    live = {"Tags": [], **picked(answer, "ResourceId", "Tags", *_FLOW)}
    return live | picked(desired, "ResourceType")


_FLOW_LOG = ResourceType(
    name="AWS::EC2::FlowLog",
    properties={
        **dict.fromkeys(_FLOW, TEXT),
        "MaxAggregationInterval": INTEGER,
        "ResourceId": TEXT,
        "ResourceType": TEXT,
        "Tags": TAGS,
    },
    required=("ResourceId", "ResourceType"),
    replaces=frozenset({*_FLOW, "ResourceId", "ResourceType"}),
    attributes=("Id",),
    create=_make_flow,
    read=_read_flow,
    delete=lambda c, id_, _: gone(c, "ec2", "DeleteFlowLogs", FlowLogIds=[id_]),
    aspects=(TAGGING,),
    tags="Tags",
)


TYPES = table(_VPC, _SUBNET, _ROUTES, _ASSOCIATION, _ENDPOINT, _FLOW_LOG)
