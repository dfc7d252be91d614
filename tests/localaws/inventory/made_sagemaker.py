"""SageMaker's resources, good and bad."""

from __future__ import annotations

from typing import Any

from inventory_place import STRANGER, Made, Place, allow, either, policy

_TAGS = [{"Key": "owner", "Value": "retail"}]


def key(place: Place) -> str:
    """A KMS key of the account."""
    kms = place.client("kms")
    for found in kms.list_keys()["Keys"]:
        described = kms.describe_key(KeyId=found["KeyId"])["KeyMetadata"]
        if described["KeyManager"] == "CUSTOMER" and described["KeyState"] == "Enabled":
            return str(found["KeyArn"])
    return str(kms.create_key()["KeyMetadata"]["Arn"])


def network(place: Place) -> dict[str, list[str]]:
    """A subnet and a security group of the account."""
    ec2 = place.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    within = [{"Name": "vpc-id", "Values": [vpc]}]
    subnets = ec2.describe_subnets(Filters=within)["Subnets"]
    groups = ec2.describe_security_groups(Filters=within)["SecurityGroups"]
    return {"Subnets": [subnets[0]["SubnetId"]], "SecurityGroupIds": [groups[0]["GroupId"]]}


def _model(place: Place, name: str, closed: bool) -> str:
    image = place.image if closed else f"{place.image.split('@')[0]}:latest"
    container: dict[str, Any] = {"Image": image}
    more: dict[str, Any] = {}
    if closed:
        more = {"VpcConfig": network(place), "EnableNetworkIsolation": True, "Tags": _TAGS}
    place.client("sagemaker").create_model(
        ModelName=name, PrimaryContainer=container, ExecutionRoleArn=place.worker, **more
    )
    return name


def _endpoint_config(place: Place, name: str, closed: bool) -> str:
    _model(place, f"{name}-model", False)
    variant = {
        "VariantName": "all",
        "ModelName": f"{name}-model",
        "InstanceType": "ml.m5.large" if closed else "ml.p3.2xlarge",
        "InitialInstanceCount": 2 if closed else 1,
    }
    more: dict[str, Any] = {"KmsKeyId": key(place), "Tags": _TAGS} if closed else {}
    place.client("sagemaker").create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[variant], **more
    )
    return name


def _domain(place: Place, name: str, closed: bool) -> str:
    vpc = place.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    more: dict[str, Any] = {"KmsKeyId": key(place), "Tags": _TAGS} if closed else {}
    place.client("sagemaker").create_domain(
        DomainName=name,
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": place.worker},
        SubnetIds=network(place)["Subnets"],
        VpcId=vpc,
        AppNetworkAccessType="VpcOnly" if closed else "PublicInternetOnly",
        **more,
    )
    return name


def _group(place: Place, name: str, stranger: bool) -> str:
    sagemaker = place.client("sagemaker")
    arn = sagemaker.create_model_package_group(
        ModelPackageGroupName=name, Tags=[] if stranger else _TAGS
    )["ModelPackageGroupArn"]
    who = STRANGER if stranger else {"AWS": f"arn:aws:iam::{place.account}:root"}
    sagemaker.put_model_package_group_policy(
        ModelPackageGroupName=name,
        ResourcePolicy=policy(allow("sagemaker:DescribeModelPackageGroup", who, arn)),
    )
    return name


def _transform(place: Place, name: str, closed: bool) -> str:
    _model(place, f"{name}-model", False)
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://nothing/in"}}
    keyed = {"VolumeKmsKeyId": key(place)} if closed else {}
    place.client("sagemaker").create_transform_job(
        TransformJobName=name,
        ModelName=f"{name}-model",
        TransformInput={"DataSource": source},
        TransformOutput={
            "S3OutputPath": "s3://nothing/out",
            **({"KmsKeyId": key(place)} if closed else {}),
        },
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1, **keyed},
        **({"Tags": _TAGS} if closed else {}),
    )
    return name


def _training(place: Place, name: str, closed: bool) -> str:
    held: dict[str, Any] = {}
    if closed:
        held = {
            "VpcConfig": network(place),
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "Tags": _TAGS,
        }
    keyed = {"VolumeKmsKeyId": key(place)} if closed else {}
    place.client("sagemaker").create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": place.image, "TrainingInputMode": "File"},
        RoleArn=place.worker,
        OutputDataConfig={
            "S3OutputPath": "s3://nothing/out",
            **({"KmsKeyId": key(place)} if closed else {}),
        },
        ResourceConfig={
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
            **keyed,
        },
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        **held,
    )
    return name


def _processing(place: Place, name: str, closed: bool) -> str:
    held: dict[str, Any] = {}
    keyed: dict[str, Any] = {}
    if closed:
        holding = {
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": network(place),
        }
        written = {
            "OutputName": "out",
            "S3Output": {
                "S3Uri": "s3://nothing/out",
                "LocalPath": "/opt/ml/processing/out",
                "S3UploadMode": "EndOfJob",
            },
        }
        keyed = {"VolumeKmsKeyId": key(place)}
        held = {
            "NetworkConfig": holding,
            "Tags": _TAGS,
            "ProcessingOutputConfig": {"Outputs": [written], "KmsKeyId": key(place)},
        }
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1, **keyed}
    place.client("sagemaker").create_processing_job(
        ProcessingJobName=name,
        ProcessingResources={"ClusterConfig": cluster},
        AppSpecification={"ImageUri": place.image},
        RoleArn=place.worker,
        **held,
    )
    return name


def _job_rules(kind: str, *more: str) -> tuple[str, ...]:
    names = ("job-volume-key", "job-output-key", "job-tagged", *more)
    return tuple(f"sagemaker-{kind}-{name}" for name in names)


_NETWORK = ("job-in-vpc", "job-isolation", "job-traffic-encryption")

MADE = (
    either(
        _model,
        table="sagemaker_models",
        rules=(
            "sagemaker-model-isolation-enabled",
            "sagemaker-model-in-vpc",
            "sagemaker-model-image-by-digest",
            "sagemaker-model-tagged",
        ),
    ),
    either(
        _endpoint_config,
        table="sagemaker_endpoint_configs",
        rules=(
            "sagemaker-endpoint-config-kms-key-required",
            "sagemaker-endpoint-configuration-kms-key-configured",
            "sagemaker-endpoint-config-prod-instance-count",
            "sagemaker-endpoint-config-tagged",
        ),
    ),
    either(
        _endpoint_config,
        table="sagemaker_endpoint_configs",
        rules=("sagemaker-endpoint-config-instance-types",),
        parameters={"allowedInstanceTypes": "ml.m5.*"},
    ),
    either(
        _domain,
        table="sagemaker_domains",
        rules=("sagemaker-domain-in-vpc", "sagemaker-domain-kms-key", "sagemaker-domain-tagged"),
    ),
    Made(
        table="sagemaker_model_package_groups",
        rules=(
            "sagemaker-model-package-group-open-outside",
            "sagemaker-model-package-group-tagged",
        ),
        wrong=lambda place, name: _group(place, name, True),
        right=lambda place, name: _group(place, name, False),
    ),
    either(
        _training,
        table="sagemaker_training_jobs",
        rules=_job_rules("training", *_NETWORK),
    ),
    either(
        _processing,
        table="sagemaker_processing_jobs",
        rules=_job_rules("processing", *_NETWORK),
    ),
    either(
        _transform,
        table="sagemaker_transform_jobs",
        rules=_job_rules("transform"),
    ),
)
