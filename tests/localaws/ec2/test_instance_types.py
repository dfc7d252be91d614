"""Instance types are told by name and by place, though nothing of them is read before that."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def ec2(local_aws):
    return local_aws.client("ec2", local_aws.administrator(local_aws.account("ec2-types")))


def test_a_type_is_told(ec2):
    (found,) = ec2.describe_instance_types(InstanceTypes=["m5.large"])["InstanceTypes"]
    assert found["MemoryInfo"]["SizeInMiB"] == 8192
    assert found["VCpuInfo"]["DefaultVCpus"] == 2


@pytest.mark.parametrize(
    ("kind", "places"),
    [("region", {"eu-west-1"}), ("availability-zone", {f"eu-west-1{zone}" for zone in "abc"})],
)
def test_where_a_type_is_offered_is_told(ec2, kind, places):
    found = ec2.describe_instance_type_offerings(
        LocationType=kind, Filters=[{"Name": "instance-type", "Values": ["m5.large"]}]
    )["InstanceTypeOfferings"]
    assert {offer["Location"] for offer in found} == places
    assert {offer["LocationType"] for offer in found} == {kind}
    assert {offer["InstanceType"] for offer in found} == {"m5.large"}
