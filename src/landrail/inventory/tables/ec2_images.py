"""Machine images: who may launch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, wants
from landrail.inventory.describing import each
from landrail.inventory.ec2 import named, strangers
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    own = items(ask, "ec2", "DescribeImages", "Images", Owners=["self"])
    found = {image["ImageId"]: image for image in own}
    yield from each(ask, found, lambda name: _rows(ask, found[name]))


def _rows(ask: Ask, image: Mapping[str, Any]) -> Iterator[Row]:
    disks = [
        mapping["Ebs"] for mapping in image.get("BlockDeviceMappings") or () if "Ebs" in mapping
    ]
    row = {
        **named(ask, "image", image, "ImageId"),
        "resource_name": image.get("Name") or image["ImageId"],
        "arn": f"arn:aws:ec2:{ask.region}::image/{image['ImageId']}",
        "public": bool(image.get("Public")),
        "encrypted": all(disk.get("Encrypted") for disk in disks),
    }
    if wants(ask, "outsiders"):
        told = ask(
            *("ec2", "DescribeImageAttribute"),
            ImageId=image["ImageId"],
            Attribute="launchPermission",
        )
        shared = told.get("LaunchPermissions") or ()
        row["outsiders"] = listed(strangers(ask, shared, "UserId"))
    yield row


TABLE = Table(
    name="ec2_images",
    resource_type="AWS::EC2::Image",
    services=("ec2",),
    columns=(
        Column("public", "boolean", "whether everybody may launch it"),
        Column("encrypted", "boolean", "whether all its disks are encrypted"),
        Column("outsiders", "text", "who may launch it from outside the organization"),
    ),
    collect=_collect,
    reads=("ec2:DescribeImageAttribute", "ec2:DescribeImages"),
)
