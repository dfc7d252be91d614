"""AWS::SageMaker model package groups, models, endpoint configurations and endpoints."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import parsed, text, trimmed
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
    NUMBER,
    TAGS,
    TEXT,
    many,
    mapping,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.studio import (
    sagemaker_tags,
    settled,
    vanished,
)


def _name(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _arn(kind: str, context: Context, name: str) -> str:
    return f"arn:aws:sagemaker:{context.region}:{context.account}:{kind}/{name}"


_TAGS = sagemaker_tags(lambda _, arn: arn)


def _make_group(context: Context, props: Props) -> Made:
    arn = context.call(
        "sagemaker",
        "CreateModelPackageGroup",
        Tags=props.get("Tags") or None,
        **picked(props, "ModelPackageGroupName", "ModelPackageGroupDescription"),
    )["ModelPackageGroupArn"]
    return Made(arn, {"ModelPackageGroupArn": arn})


def _read_group(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(
        context, "sagemaker", "DescribeModelPackageGroup", ModelPackageGroupName=_name(arn)
    )
    if answer is None:
        return None
    return picked(answer, "ModelPackageGroupName", "ModelPackageGroupDescription")


def _put_group_policy(context: Context, arn: str, new: Props, _: Props) -> None:
    policy = text(new.get("ModelPackageGroupPolicy"))
    if policy is None:
        gone(
            context,
            "sagemaker",
            "DeleteModelPackageGroupPolicy",
            ModelPackageGroupName=_name(arn),
        )
    else:
        context.call(
            "sagemaker",
            "PutModelPackageGroupPolicy",
            ModelPackageGroupName=_name(arn),
            ResourcePolicy=policy,
        )


def _read_group_policy(context: Context, arn: str, _: Props) -> Props:
    answer = found(
        context, "sagemaker", "GetModelPackageGroupPolicy", ModelPackageGroupName=_name(arn)
    )
    policy = (answer or {}).get("ResourcePolicy")
    return {"ModelPackageGroupPolicy": parsed(policy)} if policy else {}


_GROUP = ResourceType(
    name="AWS::SageMaker::ModelPackageGroup",
    properties={
        "ModelPackageGroupDescription": TEXT,
        "ModelPackageGroupName": TEXT,
        "ModelPackageGroupPolicy": DOCUMENT,
        "Tags": TAGS,
    },
    required=("ModelPackageGroupName",),
    replaces=frozenset({"ModelPackageGroupName", "ModelPackageGroupDescription"}),
    attributes=("ModelPackageGroupArn",),
    create=_make_group,
    read=_read_group,
    delete=lambda c, arn, _: gone(
        c, "sagemaker", "DeleteModelPackageGroup", ModelPackageGroupName=_name(arn)
    ),
    aspects=(
        Aspect(("ModelPackageGroupPolicy",), _put_group_policy, _read_group_policy),
        _TAGS,
    ),
    named_by="ModelPackageGroupName",
    name_limit=63,
    tags="Tags",
    stateful=True,
    identity=lambda c, p: _arn("model-package-group", c, p["ModelPackageGroupName"]),
    refresh=lambda _, arn, __: {"ModelPackageGroupArn": arn},
)

_CONTAINER = obj(
    ContainerHostname=TEXT,
    Environment=mapping(TEXT),
    Image=TEXT,
    ImageConfig=obj("RepositoryAccessMode", RepositoryAccessMode=TEXT),
    Mode=TEXT,
    ModelDataUrl=TEXT,
    ModelPackageName=TEXT,
)
_VPC = obj("SecurityGroupIds", "Subnets", SecurityGroupIds=some(TEXT), Subnets=some(TEXT))
_MODEL = {
    "Containers": many(_CONTAINER),
    "EnableNetworkIsolation": BOOLEAN,
    "ExecutionRoleArn": TEXT,
    "ModelName": TEXT,
    "PrimaryContainer": _CONTAINER,
    "VpcConfig": _VPC,
}


def _make_model(context: Context, props: Props) -> Made:
    arn = context.call(
        "sagemaker", "CreateModel", Tags=props.get("Tags") or None, **picked(props, *_MODEL)
    )["ModelArn"]
    return Made(arn, {"ModelArn": arn, "ModelName": props["ModelName"]})


def _shown(answer: Props, shapes: Props) -> dict[str, Any]:
    """Return the members of an answer that have a shape here, trimmed to it."""
    return {
        name: trimmed(shape, answer[name])
        for name, shape in shapes.items()
        if answer.get(name) is not None
    }


def _read_model(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(context, "sagemaker", "DescribeModel", ModelName=_name(arn))
    return None if answer is None else _shown(answer, _MODEL)


_MODELS = ResourceType(
    name="AWS::SageMaker::Model",
    properties={**_MODEL, "Tags": TAGS},
    replaces=frozenset(_MODEL),
    attributes=("ModelArn", "ModelName"),
    create=_make_model,
    read=_read_model,
    delete=lambda c, arn, _: gone(c, "sagemaker", "DeleteModel", ModelName=_name(arn)),
    aspects=(_TAGS,),
    named_by="ModelName",
    name_limit=63,
    tags="Tags",
    identity=lambda c, p: _arn("model", c, p["ModelName"].lower()),
)

_VARIANT = obj(
    "ModelName",
    "VariantName",
    ContainerStartupHealthCheckTimeoutInSeconds=INTEGER,
    EnableSSMAccess=BOOLEAN,
    InferenceAmiVersion=TEXT,
    InitialInstanceCount=INTEGER,
    InitialVariantWeight=NUMBER,
    InstanceType=TEXT,
    ModelDataDownloadTimeoutInSeconds=INTEGER,
    ModelName=TEXT,
    RoutingConfig=obj(RoutingStrategy=TEXT),
    ServerlessConfig=obj(
        "MaxConcurrency", "MemorySizeInMB", MaxConcurrency=INTEGER, MemorySizeInMB=INTEGER
    ),
    VariantName=TEXT,
    VolumeSizeInGB=INTEGER,
)
_CAPTURE = obj(
    "CaptureOptions",
    "DestinationS3Uri",
    "InitialSamplingPercentage",
    CaptureContentTypeHeader=obj(CsvContentTypes=some(TEXT), JsonContentTypes=some(TEXT)),
    CaptureOptions=many(obj("CaptureMode", CaptureMode=TEXT)),
    DestinationS3Uri=TEXT,
    EnableCapture=BOOLEAN,
    InitialSamplingPercentage=INTEGER,
    KmsKeyId=TEXT,
)
_CONFIG = {
    "DataCaptureConfig": _CAPTURE,
    "EnableNetworkIsolation": BOOLEAN,
    "EndpointConfigName": TEXT,
    "ExecutionRoleArn": TEXT,
    "KmsKeyId": TEXT,
    "ProductionVariants": some(_VARIANT, key="VariantName"),
    "VpcConfig": _VPC,
}


def _make_config(context: Context, props: Props) -> Made:
    arn = context.call(
        "sagemaker",
        "CreateEndpointConfig",
        Tags=props.get("Tags") or None,
        **picked(props, *_CONFIG),
    )["EndpointConfigArn"]
    return Made(arn, {"EndpointConfigArn": arn, "EndpointConfigName": props["EndpointConfigName"]})


def _read_config(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(context, "sagemaker", "DescribeEndpointConfig", EndpointConfigName=_name(arn))
    return None if answer is None else _shown(answer, _CONFIG)


_CONFIGS = ResourceType(
    name="AWS::SageMaker::EndpointConfig",
    properties={**_CONFIG, "Tags": TAGS},
    required=("ProductionVariants",),
    replaces=frozenset(_CONFIG),
    attributes=("EndpointConfigArn", "EndpointConfigName"),
    create=_make_config,
    read=_read_config,
    delete=lambda c, arn, _: gone(
        c, "sagemaker", "DeleteEndpointConfig", EndpointConfigName=_name(arn)
    ),
    aspects=(_TAGS,),
    named_by="EndpointConfigName",
    name_limit=63,
    tags="Tags",
    identity=lambda c, p: _arn("endpoint-config", c, p["EndpointConfigName"].lower()),
)


_SIZE = obj("Type", "Value", Type=TEXT, Value=INTEGER)
_ROUTING = obj(
    "Type",
    CanarySize=_SIZE,
    LinearStepSize=_SIZE,
    Type=TEXT,
    WaitIntervalInSeconds=INTEGER,
)
_BLUE_GREEN = obj(
    "TrafficRoutingConfiguration",
    MaximumExecutionTimeoutInSeconds=INTEGER,
    TerminationWaitInSeconds=INTEGER,
    TrafficRoutingConfiguration=_ROUTING,
)
_ROLLING = obj(
    "MaximumBatchSize",
    "WaitIntervalInSeconds",
    MaximumBatchSize=_SIZE,
    MaximumExecutionTimeoutInSeconds=INTEGER,
    RollbackMaximumBatchSize=_SIZE,
    WaitIntervalInSeconds=INTEGER,
)
_DEPLOYMENT = obj(
    AutoRollbackConfiguration=obj("Alarms", Alarms=many(obj("AlarmName", AlarmName=TEXT))),
    BlueGreenUpdatePolicy=_BLUE_GREEN,
    RollingUpdatePolicy=_ROLLING,
)
_UPDATES = {
    "DeploymentConfig": _DEPLOYMENT,
    "EndpointConfigName": TEXT,
    "ExcludeRetainedVariantProperties": some(
        obj(VariantPropertyType=TEXT), key="VariantPropertyType"
    ),
    "RetainAllVariantProperties": BOOLEAN,
    "RetainDeploymentConfig": BOOLEAN,
}


def _make_endpoint(context: Context, props: Props) -> Made:
    arn = context.call(
        "sagemaker",
        "CreateEndpoint",
        Tags=props.get("Tags") or None,
        **picked(props, "EndpointName", "EndpointConfigName", "DeploymentConfig"),
    )["EndpointArn"]
    return Made(arn, {"EndpointArn": arn, "EndpointName": props["EndpointName"]})


_MOVING = ("Creating", "Updating", "SystemUpdating", "RollingBack")
_STEP = 0.2  # seconds between two looks


def _put_endpoint(context: Context, arn: str, new: Props, old: Props) -> None:
    name = new["EndpointConfigName"]
    answer = context.call("sagemaker", "DescribeEndpoint", EndpointName=_name(arn))
    while answer["EndpointStatus"] in _MOVING:
        if answer.get("PendingDeploymentSummary", {}).get("EndpointConfigName") == name:
            # Asked for before the local AWS was killed, and taken up again by it.
            return
        context.pause(_STEP)
        answer = context.call("sagemaker", "DescribeEndpoint", EndpointName=_name(arn))
    there = answer["EndpointStatus"] == "InService" and answer["EndpointConfigName"] == name
    if there and name != old.get("EndpointConfigName"):
        # An update that an alarm has rolled back: it serves what the stack goes back to, and while
        # the alarm goes on no deployment that is watched by it would get anywhere.
        return
    context.call("sagemaker", "UpdateEndpoint", EndpointName=_name(arn), **picked(new, *_UPDATES))


def _endpoint_settled(context: Context, arn: str, props: Props) -> None:
    """Wait until it is in service with the configuration wanted: an update that failed leaves the
    endpoint in service with the former one."""
    answer = settled(
        context, "DescribeEndpoint", "EndpointStatus", ("InService",), EndpointName=_name(arn)
    )
    if answer.get("EndpointConfigName") != props["EndpointConfigName"]:
        reason = answer.get("FailureReason", "it went back to the former configuration")
        raise ValueError(f"the endpoint did not take the new configuration: {reason}")


def _read_endpoint(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(context, "sagemaker", "DescribeEndpoint", EndpointName=_name(arn))
    if answer is None:
        return None
    last = answer.get("LastDeploymentConfig")
    shown = {"DeploymentConfig": trimmed(_DEPLOYMENT, last)} if last else {}
    return {**picked(answer, "EndpointName", "EndpointConfigName"), **shown}


def _delete_endpoint(context: Context, arn: str, _: Props) -> None:
    gone(context, "sagemaker", "DeleteEndpoint", EndpointName=_name(arn))
    vanished(context, "DescribeEndpoint", EndpointName=_name(arn))


_ENDPOINTS = ResourceType(
    name="AWS::SageMaker::Endpoint",
    properties={**_UPDATES, "EndpointName": TEXT, "Tags": TAGS},
    required=("EndpointConfigName",),
    replaces=frozenset({"EndpointName"}),
    attributes=("EndpointArn", "EndpointName"),
    create=_make_endpoint,
    read=_read_endpoint,
    delete=_delete_endpoint,
    aspects=(Aspect(tuple(_UPDATES), _put_endpoint, on_create=False), _TAGS),
    hidden=frozenset(name for name in _UPDATES if "Retain" in name),
    named_by="EndpointName",
    name_limit=63,
    tags="Tags",
    settle=_endpoint_settled,
    identity=lambda c, p: _arn("endpoint", c, p["EndpointName"].lower()),
)

TYPES = table(_GROUP, _MODELS, _CONFIGS, _ENDPOINTS)
