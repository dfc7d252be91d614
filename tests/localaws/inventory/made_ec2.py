"""Volumes, snapshots, images and networks, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inventory_place import REGION, Made, Place, new_bucket

_BASE = "base"
_ZONE = f"{REGION}a"


def vpc(place: Place) -> str:
    """A VPC of its own."""
    return str(place.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


def subnet(place: Place) -> str:
    """A subnet of the account."""
    return str(place.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"])


def _image(place: Place) -> str:
    ec2 = place.client("ec2")
    own = ec2.describe_images(Owners=["self"])["Images"]
    base = [image["ImageId"] for image in own if image["Name"] == _BASE]
    return str(base[0] if base else ec2.register_image(Name=_BASE)["ImageId"])


def _instance(place: Place, public: bool, **more: Any) -> str:
    interface = {
        "DeviceIndex": 0,
        "SubnetId": subnet(place),
        "AssociatePublicIpAddress": public,
    }
    made = place.client("ec2").run_instances(
        ImageId=_image(place),
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        NetworkInterfaces=[interface],
        **more,
    )
    return str(made["Instances"][0]["InstanceId"])


def _volume(place: Place, encrypted: bool) -> str:
    ec2 = place.client("ec2")
    made = ec2.create_volume(AvailabilityZone=_ZONE, Size=1, Encrypted=encrypted)["VolumeId"]
    instance = _instance(place, False)
    ec2.attach_volume(VolumeId=made, InstanceId=instance, Device="/dev/sdf")
    return str(made)


def _snapshot(place: Place, **shared: Any) -> str:
    ec2 = place.client("ec2")
    volume = ec2.create_volume(AvailabilityZone=_ZONE, Size=1)["VolumeId"]
    made = str(ec2.create_snapshot(VolumeId=volume)["SnapshotId"])
    if shared:
        ec2.modify_snapshot_attribute(
            SnapshotId=made,
            Attribute="createVolumePermission",
            OperationType="add",
            **shared,
        )
    return made


def _machine_image(place: Place, name: str, permission: dict[str, str]) -> str:
    ec2 = place.client("ec2")
    made = ec2.create_image(InstanceId=_instance(place, False), Name=name)["ImageId"]
    ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [permission]})
    return name


def _group(place: Place, name: str, *permissions: dict[str, Any]) -> str:
    ec2 = place.client("ec2")
    made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc(place))["GroupId"]
    if permissions:
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(permissions))
    return name


def _opens(first: int, last: int, cidr: str, protocol: str = "tcp") -> Callable[[Place, str], str]:
    ranges = (
        {"Ipv6Ranges": [{"CidrIpv6": cidr}]} if ":" in cidr else {"IpRanges": [{"CidrIp": cidr}]}
    )
    permission = {"IpProtocol": protocol, "FromPort": first, "ToPort": last, **ranges}
    return lambda place, name: _group(place, name, permission)


def _opens_by_halves(place: Place, name: str) -> str:
    halves = [{"CidrIp": "128.0.0.0/1"}, {"CidrIp": "0.0.0.0/1"}]
    return _group(place, name, {"IpProtocol": "-1", "IpRanges": halves})


def _vpc_with_logs(place: Place, name: str) -> str:
    made = vpc(place)
    new_bucket(place, name)
    place.client("ec2").create_flow_logs(
        ResourceIds=[made],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{name}",
    )
    return made


def _subnet(place: Place, public: bool) -> str:
    ec2 = place.client("ec2")
    made = ec2.create_subnet(VpcId=vpc(place), CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": public})
    return str(made)


def _routes(place: Place, destination: str) -> str:
    ec2 = place.client("ec2")
    there = vpc(place)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=there)
    table = ec2.create_route_table(VpcId=there)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=destination, GatewayId=gateway)
    return str(table)


def default_group(place: Place, closed: bool) -> str:
    """The default security group of a new VPC."""
    ec2 = place.client("ec2")
    there = vpc(place)
    within = [{"Name": "vpc-id", "Values": [there]}, {"Name": "group-name", "Values": ["default"]}]
    group = ec2.describe_security_groups(Filters=within)["SecurityGroups"][0]
    if closed:
        for way, held in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
            if group[held]:
                revoke = getattr(ec2, f"revoke_security_group_{way}")
                revoke(GroupId=group["GroupId"], IpPermissions=group[held])
    return str(group["GroupId"])


MADE = (
    Made(
        table="ec2_volumes",
        rules=("encrypted-volumes",),
        wrong=lambda place, _: _volume(place, False),
        right=lambda place, _: _volume(place, True),
    ),
    Made(
        table="ec2_snapshots",
        rules=("ebs-snapshot-public-restorable-check", "ebs-snapshot-open-outside"),
        wrong=lambda place, _: _snapshot(place, GroupNames=["all"]),
        right=lambda place, _: _snapshot(place, UserIds=[place.neighbour]),
    ),
    Made(
        table="ec2_snapshots",
        rules=("ebs-snapshot-open-outside",),
        wrong=lambda place, _: _snapshot(place, UserIds=["999900009999"]),
        right=lambda place, _: _snapshot(place),
    ),
    Made(
        table="ec2_images",
        rules=("ec2-image-public", "ec2-image-open-outside"),
        wrong=lambda place, name: _machine_image(place, name, {"Group": "all"}),
        right=lambda place, name: _machine_image(place, name, {"UserId": place.neighbour}),
    ),
    Made(
        table="ec2_security_groups",
        rules=(
            "incoming-ssh-disabled",
            "restricted-incoming-traffic",
            "security-group-open-to-world",
        ),
        wrong=_opens(20, 30, "0.0.0.0/0"),
        right=_opens(20, 30, "10.0.0.0/8"),
    ),
    Made(
        table="ec2_security_groups",
        rules=("incoming-ssh-disabled", "security-group-open-to-world"),
        wrong=_opens_by_halves,
        right=_opens(22, 22, "128.0.0.0/2"),
    ),
    Made(
        table="ec2_security_groups",
        rules=("incoming-ssh-disabled",),
        wrong=_opens(22, 22, "::/0"),
        right=_opens(23, 21000, "0.0.0.0/0"),
    ),
    Made(
        table="ec2_security_groups",
        rules=("restricted-incoming-traffic",),
        wrong=_opens(3000, 4000, "0.0.0.0/0"),
        right=_opens(0, 65535, "0.0.0.0/0", "udp"),
    ),
    Made(
        table="ec2_vpcs",
        rules=("vpc-flow-logs-enabled",),
        wrong=lambda place, _: vpc(place),
        right=_vpc_with_logs,
    ),
    Made(
        table="ec2_subnets",
        rules=("subnet-auto-assign-public-ip-disabled",),
        wrong=lambda place, _: _subnet(place, True),
        right=lambda place, _: _subnet(place, False),
    ),
    Made(
        table="ec2_route_tables",
        rules=("no-unrestricted-route-to-igw",),
        wrong=lambda place, _: _routes(place, "0.0.0.0/0"),
        right=lambda place, _: _routes(place, "192.0.2.0/24"),
    ),
    Made(
        table="ec2_instances",
        rules=("ec2-instance-no-public-ip",),
        wrong=lambda place, _: _instance(place, True),
        right=lambda place, _: _instance(place, False),
    ),
    Made(
        table="ec2_instances",
        rules=("ec2-imdsv2-check",),
        wrong=lambda place, _: _instance(place, False, MetadataOptions={"HttpTokens": "optional"}),
        right=lambda place, _: _instance(place, False, MetadataOptions={"HttpTokens": "required"}),
    ),
)
