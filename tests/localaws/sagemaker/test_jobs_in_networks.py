"""Jobs and models in a VPC reach the data that asks for its endpoint; others do not."""

from __future__ import annotations

import json
import uuid

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import ENTRYPOINT, channel, until

from landrail.localaws.runtimes.process import isolation

REGION = "eu-west-1"


@pytest.fixture(scope="module")
def network(studio):
    """A VPC with a gateway endpoint for S3, as a VpcConfig, and the endpoint's id."""
    ec2 = studio.cloud.client("ec2", studio.session)
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="jobs", Description="jobs", VpcId=vpc)["GroupId"]
    (main,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])[
        "RouteTables"
    ]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[main["RouteTableId"]],
    )["VpcEndpoint"]["VpcEndpointId"]
    return {"Subnets": [subnet], "SecurityGroupIds": [group]}, endpoint


@pytest.fixture(scope="module")
def data(studio, network):
    """A data bucket that is read through the endpoint and no other way."""
    name, s3 = f"data-{uuid.uuid4().hex[:12]}", studio.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="numbers/n.txt", Body=b"1 2 3")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": network[1]}},
    }
    policy = {"Version": "2012-10-17", "Statement": [deny]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=name, Key="numbers/n.txt")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    return name


def train(studio, unique, **settings):
    return studio.trained(unique("net"), **settings)


def made(studio, job):
    return studio.unpacked(job["ModelArtifacts"]["S3ModelArtifacts"])


def test_a_job_in_the_network_has_the_data(studio, unique, network, data):
    channels = [channel("training", f"s3://{data}/numbers/")]
    hyper = {"mode": "read", "bucket": data, "key": "numbers/n.txt"}
    job = train(studio, unique, VpcConfig=network[0], InputDataConfig=channels, hyper=hyper)
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    assert made(studio, job)["read"] == "1 2 3"


def test_a_job_outside_of_it_has_not(studio, unique, data):
    job = train(studio, unique, InputDataConfig=[channel("training", f"s3://{data}/numbers/")])
    assert job["TrainingJobStatus"] == "Failed"
    assert "explicit deny in a resource-based policy" in job["FailureReason"]
    hyper = {"mode": "read", "bucket": data, "key": "numbers/n.txt"}
    job = train(studio, unique, hyper=hyper)
    assert made(studio, job)["read"] == "AccessDenied"


def test_a_job_in_the_network_reaches_what_it_has_an_endpoint_for(studio, unique, network):
    job = train(studio, unique, VpcConfig=network[0], hyper={"mode": "ask-kms"})
    assert made(studio, job)["kms"] == "NoRouteToService"
    assert made(studio, train(studio, unique, hyper={"mode": "ask-kms"}))["kms"] == "answered"


def test_isolated_in_the_network_it_gets_its_data_and_no_listener(studio, unique, network, data):
    channels = [channel("training", f"s3://{data}/numbers/")]
    job = train(
        studio,
        unique,
        VpcConfig=network[0],
        InputDataConfig=channels,
        EnableNetworkIsolation=True,
    )
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    assert made(studio, job)["keys"] == ["AWS_DEFAULT_REGION", "AWS_REGION"]


def test_a_subnet_that_is_not_there_fails_the_job(studio, unique, network):
    wrong = {**network[0], "Subnets": ["subnet-00000000000000000"]}
    job = train(studio, unique, VpcConfig=wrong)
    assert job["TrainingJobStatus"] == "Failed"
    assert "subnet-00000000000000000" in job["FailureReason"]


def test_a_model_in_the_network_has_its_data_from_there(studio, unique, network, data):
    body = studio.get(studio.model_data(2.0))
    reasons = {}
    studio.client("s3").put_object(Bucket=data, Key="model.tar.gz", Body=body)
    for word, more in (("inside", {"VpcConfig": network[0]}), ("outside", {})):
        name = unique(word)
        container = {"Image": studio.image, "ModelDataUrl": f"s3://{data}/model.tar.gz"}
        studio.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=studio.role, PrimaryContainer=container, **more
        )
        studio.config(name, name)
        studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        found = until(
            lambda name=name: studio.sagemaker.describe_endpoint(EndpointName=name),
            "EndpointStatus",
            "Creating",
        )
        reasons[word] = (found["EndpointStatus"], found.get("FailureReason", ""))
        if word == "inside" and isolation() == "bubblewrap":
            assert _reaches(studio, name, "")
            assert not _reaches(studio, name, studio.cloud.endpoint)
        studio.sagemaker.delete_endpoint(EndpointName=name)
    assert reasons["inside"] == ("InService", "")
    assert reasons["outside"][0] == "Failed"
    assert "explicit deny" in reasons["outside"][1]


def _reaches(studio, endpoint, url):
    """Whether the container reaches an address, or the local AWS as it is told where that is."""
    answer = studio.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint, Body=f"reach {url}".encode(), Accept="text/csv"
    )
    return float(answer["Body"].read()) > 100


@pytest.mark.parametrize("inside", [True, False])
def test_batches_and_evaluations_read_from_there(studio, unique, network, data, inside):
    vpc = {"VpcConfig": network[0]} if inside else {}
    model, name = studio.model(unique("model"), 1.0, **vpc), unique("batch")
    data_type = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{data}/numbers/"}
    studio.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=model,
        TransformInput={"DataSource": {"S3DataSource": data_type}},
        TransformOutput={"S3OutputPath": f"s3://{studio.bucket}/scores"},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    local = {"LocalPath": "/opt/ml/processing/data", "S3InputMode": "File"}
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
    studio.sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=studio.role,
        AppSpecification={
            "ImageUri": studio.image,
            "ContainerEntrypoint": [*ENTRYPOINT, "evaluate"],
        },
        ProcessingInputs=[{"InputName": "data", "S3Input": {**data_type, **local}}],
        ProcessingResources={"ClusterConfig": cluster},
        NetworkConfig=vpc,
    )
    batch = until(
        lambda: studio.sagemaker.describe_transform_job(TransformJobName=name),
        "TransformJobStatus",
        "InProgress",
    )
    evaluation = until(
        lambda: studio.sagemaker.describe_processing_job(ProcessingJobName=name),
        "ProcessingJobStatus",
        "InProgress",
    )
    for status, job in (
        (batch["TransformJobStatus"], batch),
        (evaluation["ProcessingJobStatus"], evaluation),
    ):
        assert status == ("Completed" if inside else "Failed"), job.get("FailureReason")
        assert inside or "explicit deny" in job["FailureReason"]
