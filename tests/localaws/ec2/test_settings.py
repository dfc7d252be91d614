"""EC2's settings of an account: kept by account and region, told again, tried without effect."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def session(local_aws):
    return local_aws.administrator(local_aws.account("ec2-settings"))


@pytest.fixture
def ec2(local_aws, session):
    return local_aws.client("ec2", session)


def test_the_default_key_of_volumes(local_aws, session, ec2):
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    key = local_aws.client("kms", session).create_key()["KeyMetadata"]
    told = ec2.modify_ebs_default_kms_key_id(KmsKeyId=key["KeyId"])
    assert told["KmsKeyId"] == ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key["Arn"]
    elsewhere = local_aws.client("ec2", session, region_name="us-east-1")
    assert elsewhere.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    with pytest.raises(ClientError) as caught:
        ec2.modify_ebs_default_kms_key_id(KmsKeyId="alias/nobody-made-this")
    assert caught.value.response["Error"]["Code"] == "NotFoundException"
    assert ec2.reset_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"


def test_the_metadata_service(ec2):
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {}
    ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
    told = ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert told == {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
    ec2.modify_instance_metadata_defaults(HttpTokens="no-preference", HttpPutResponseHopLimit=-1)
    assert ec2.get_instance_metadata_defaults()["AccountLevel"] == {}


def test_what_may_be_shared_and_the_console(ec2):
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    assert ec2.disable_snapshot_block_public_access()["State"] == "unblocked"
    ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    told = ec2.get_image_block_public_access_state()
    assert told["ImageBlockPublicAccessState"] == "block-new-sharing"
    ec2.disable_image_block_public_access()
    assert ec2.enable_serial_console_access()["SerialConsoleAccessEnabled"]
    assert not ec2.disable_serial_console_access()["SerialConsoleAccessEnabled"]


def test_what_is_only_tried_has_no_effect(ec2):
    with pytest.raises(ClientError) as caught:
        ec2.enable_serial_console_access(DryRun=True)
    assert caught.value.response["Error"]["Code"] == "DryRunOperation"
    assert not ec2.get_serial_console_access_status()["SerialConsoleAccessEnabled"]


def test_a_reader_sets_nothing(local_aws, ec2):
    account = local_aws.account("ec2-settings")
    statement = {"Effect": "Allow", "Action": "ec2:Get*", "Resource": "*"}
    role = local_aws.role(account, "looks", {"Version": "2012-10-17", "Statement": [statement]})
    looks = local_aws.client("ec2", local_aws.assume(role))
    assert looks.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    with pytest.raises(ClientError) as caught:
        looks.enable_serial_console_access()
    assert caught.value.response["Error"]["Code"] == "UnauthorizedOperation"
