"""Account-wide settings that CloudFormation has no type for: the blocks of S3, of images and of
snapshots, EBS encryption, and the default VPC, which is taken away piece by piece where nothing
uses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.errors import code
from landrail.aws.sessions import Connection, Identity
from landrail.aws.world import World
from landrail.plan.observed import ObservedDefaults
from landrail.plan.values import Change
from landrail.resources import AccountDefaults

_BLOCKS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}

_IMAGES, _SNAPSHOTS = "block-new-sharing", "block-all-sharing"


def observe_defaults(connection: Connection, who: Identity, account_id: str) -> ObservedDefaults:
    """Read the settings of an account in the connection's region."""
    encrypted = connection.call(who, "ec2", "GetEbsEncryptionByDefault")
    images = connection.call(who, "ec2", "GetImageBlockPublicAccessState")
    snapshots = connection.call(who, "ec2", "GetSnapshotBlockPublicAccessState")
    vpcs = connection.listed(
        who, "ec2", "DescribeVpcs", "Vpcs", Filters=[{"Name": "is-default", "Values": ["true"]}]
    )
    return ObservedDefaults(
        s3_blocked=_blocks(connection, who, account_id) == _BLOCKS,
        ebs_encrypted=bool(encrypted["EbsEncryptionByDefault"]),
        images_blocked=images["ImageBlockPublicAccessState"] == _IMAGES,
        snapshots_blocked=snapshots["State"] == _SNAPSHOTS,
        default_vpcs=tuple(sorted(vpc["VpcId"] for vpc in vpcs)),
    )


def change_defaults(world: World, wanted: AccountDefaults, _change: Change) -> None:
    """Bring an account's settings to what they must be, changing only what differs."""
    connection = world.connection
    account_id = world.id("account", wanted.account)
    who = world.entrances.member(account_id)
    there = observe_defaults(connection, who, account_id)
    if not there.s3_blocked:
        connection.call(
            who,
            "s3control",
            "PutPublicAccessBlock",
            AccountId=account_id,
            PublicAccessBlockConfiguration=_BLOCKS,
        )
    if not there.ebs_encrypted:
        connection.call(who, "ec2", "EnableEbsEncryptionByDefault")
    if not there.images_blocked:
        connection.call(
            who, "ec2", "EnableImageBlockPublicAccess", ImageBlockPublicAccessState=_IMAGES
        )
    if not there.snapshots_blocked:
        connection.call(who, "ec2", "EnableSnapshotBlockPublicAccess", State=_SNAPSHOTS)
    for vpc_id in there.default_vpcs:
        remove_vpc(connection, who, vpc_id)


def remove_vpc(connection: Connection, who: Identity, vpc_id: str) -> None:
    """Delete a default VPC: gateways, subnets, then itself. AWS refuses while something uses it."""
    for gateway in _of_vpc(connection, who, "DescribeInternetGateways", "InternetGateways", vpc_id):
        gateway_id = gateway["InternetGatewayId"]
        connection.call(
            who, "ec2", "DetachInternetGateway", InternetGatewayId=gateway_id, VpcId=vpc_id
        )
        connection.call(who, "ec2", "DeleteInternetGateway", InternetGatewayId=gateway_id)
    for subnet in _of_vpc(connection, who, "DescribeSubnets", "Subnets", vpc_id):
        connection.call(who, "ec2", "DeleteSubnet", SubnetId=subnet["SubnetId"])
    connection.call(who, "ec2", "DeleteVpc", VpcId=vpc_id)


def _of_vpc(
    connection: Connection, who: Identity, operation: str, key: str, vpc_id: str
) -> Iterator[Any]:
    name = "attachment.vpc-id" if key == "InternetGateways" else "vpc-id"
    filters = [{"Name": name, "Values": [vpc_id]}]
    yield from list(connection.listed(who, "ec2", operation, key, Filters=filters))


def _blocks(connection: Connection, who: Identity, account_id: str) -> dict[str, bool]:
    try:
        answer = connection.call(who, "s3control", "GetPublicAccessBlock", AccountId=account_id)
    except ClientError as error:
        if code(error) == "NoSuchPublicAccessBlockConfiguration":
            return {}
        raise
    found: dict[str, bool] = answer["PublicAccessBlockConfiguration"]
    return found
