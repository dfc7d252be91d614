"""Snapshots are written where the channel says, by who may write there."""

import gzip
import json

import pytest
from botocore.exceptions import ClientError
from config_accounts import eventually
from statements import allow, document


def channel(config, bucket, **more):
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket, **more})


def recorder(config, role):
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": role,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )


def status(config):
    answer = config.describe_delivery_channel_status(DeliveryChannelNames=["default"])
    return answer["DeliveryChannelsStatus"][0]["configSnapshotDeliveryInfo"]


@pytest.fixture(scope="module")
def archive(local_aws):
    """A bucket of another account that lets roles of deliverers write."""
    session = local_aws.administrator(local_aws.account("archive"))
    s3, name = local_aws.client("s3", session), f"archive-{local_aws.account('archive')}"
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return s3, name


def test_a_snapshot_holds_what_is_recorded(recorded, local_aws, archive):
    number, client = recorded("delivers")
    config, (s3, bucket) = client("config"), archive
    role = local_aws.role(
        number,
        "deliverer",
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:PutObject*", "Resource": "*"}],
        },
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "config.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
    )
    recorder(config, role)
    channel(config, bucket, s3KeyPrefix="kept")
    client("sns").create_topic(Name="recorded")
    config.deliver_config_snapshot(deliveryChannelName="default")
    refused = status(config)
    assert (refused["lastStatus"], refused["lastErrorCode"]) == ("FAILURE", "AccessDenied")
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=document(
            allow("s3:PutObject*", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": role})
        ),
    )
    eventually(
        lambda: len(
            config.list_discovered_resources(resourceType="AWS::SNS::Topic")["resourceIdentifiers"]
        ),
        1,
    )
    name = config.deliver_config_snapshot(deliveryChannelName="default")["configSnapshotId"]
    assert status(config)["lastStatus"] == "SUCCESS"
    (key,) = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert key.startswith(f"kept/AWSLogs/{number}/Config/eu-west-1/")
    assert key.endswith(f"_{name}.json.gz")
    assert f"/ConfigSnapshot/{number}_Config_eu-west-1_ConfigSnapshot_" in key
    content = json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
    assert content["configSnapshotId"] == name
    (topic,) = [
        one for one in content["configurationItems"] if one["resourceType"] == "AWS::SNS::Topic"
    ]
    assert topic["awsAccountId"] == number
    assert topic["ARN"].endswith(":recorded")


def test_a_snapshot_needs_a_channel_and_a_running_recorder(recorded):
    _, client = recorded("delivers-not")
    config = client("config")
    with pytest.raises(ClientError, match="NoSuchDeliveryChannel"):
        config.deliver_config_snapshot(deliveryChannelName="other")
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    with pytest.raises(ClientError, match="NoRunningConfigurationRecorder"):
        config.deliver_config_snapshot(deliveryChannelName="default")
