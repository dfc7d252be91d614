"""SageMaker: the condition keys that its guardrails are made of, and package groups.

Source: Service Authorization Reference, "Amazon SageMaker"; SageMaker Developer Guide, "Model
registry: cross-account" for the resources of a package group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.gateway.requests.general import account_of, general
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

_GENERAL = Rules("sagemaker")

# Parameter names, wherever they stand in the request, by the key they give.
_TEXT = {
    "EnableNetworkIsolation": "sagemaker:NetworkIsolation",
    "EnableInterContainerTrafficEncryption": "sagemaker:InterContainerTrafficEncryption",
    "DirectInternetAccess": "sagemaker:DirectInternetAccess",
    "RootAccess": "sagemaker:RootAccess",
    "AppNetworkAccessType": "sagemaker:AppNetworkAccessType",
    "ModelApprovalStatus": "sagemaker:ModelApprovalStatus",
    "ModelArn": "sagemaker:ModelArn",
    "MaxRuntimeInSeconds": "sagemaker:MaxRuntimeInSeconds",
    "HomeEfsFileSystemKmsKeyId": "sagemaker:HomeEfsFileSystemKmsKey",
    "EnableRemoteDebug": "sagemaker:EnableRemoteDebug",
    "MinimumInstanceMetadataServiceVersion": "sagemaker:MinimumInstanceMetadataServiceVersion",
    "KeepAlivePeriodInSeconds": "sagemaker:KeepAlivePeriod",
    "AppType": "sagemaker:AppType",
    "DomainId": "sagemaker:DomainId",
    "UserProfileName": "sagemaker:UserProfileName",
    "SpaceName": "sagemaker:SpaceName",
    "TargetModel": "sagemaker:TargetModel",
}
_LISTS = {
    "InstanceType": "sagemaker:InstanceTypes",
    "AcceleratorType": "sagemaker:AcceleratorTypes",
    "AcceleratorTypes": "sagemaker:AcceleratorTypes",
    "Subnets": "sagemaker:VpcSubnets",
    "SubnetIds": "sagemaker:VpcSubnets",
    "SubnetId": "sagemaker:VpcSubnets",
    "SecurityGroupIds": "sagemaker:VpcSecurityGroupIds",
}
_VOLUME_KEY = "sagemaker:VolumeKmsKey"
_OUTPUT_KEY = "sagemaker:OutputKmsKey"
_INSIDE_OUTPUT = ("OutputDataConfig", "ProcessingOutputConfig", "TransformOutput", "OutputConfig")
_DATA_CAPTURE = "DataCaptureConfig"


def keys(call: Call) -> Mapping[str, ContextValue]:
    """Return the keys of a request, wherever in it their parameters stand; absent: not given."""
    texts: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    _gather(call.params, "", texts, lists)
    context: dict[str, ContextValue] = dict(texts)
    context.update({key: tuple(dict.fromkeys(values)) for key, values in lists.items()})
    return context


def _gather(value: Any, parent: str, texts: dict[str, str], lists: dict[str, list[str]]) -> None:
    if isinstance(value, list | tuple):
        for item in value:
            _gather(item, parent, texts, lists)
        return
    if not isinstance(value, Mapping):
        return
    for name, inner in value.items():
        if name in ("Environment", "Tags", "HyperParameters", "StaticHyperParameters"):
            continue
        if name in _LISTS:
            items = inner if isinstance(inner, list | tuple) else [inner]
            lists.setdefault(_LISTS[name], []).extend(str(i) for i in items)
        elif name in ("VolumeKmsKeyId", "KmsKeyId"):
            _kms(name, str(inner), parent, texts)
        elif name in _TEXT and not isinstance(inner, Mapping | list | tuple):
            texts[_TEXT[name]] = str(inner).lower() if isinstance(inner, bool) else str(inner)
        else:
            outer = parent if parent in _INSIDE_OUTPUT else name
            _gather(inner, outer, texts, lists)


def _kms(name: str, value: str, parent: str, texts: dict[str, str]) -> None:
    """A key's id or ARN: of the volume, or of the output where it stands in its configuration."""
    output = name == "KmsKeyId" and parent in (*_INSIDE_OUTPUT, _DATA_CAPTURE)
    key = _OUTPUT_KEY if output else _VOLUME_KEY
    texts[key] = value
    texts[f"{key}Arn"] = value


def resolve_grouped(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return what making or listing the packages of a group needs: the group may be another
    account's, named by its ARN, and so are its packages."""
    group = call.params.get("ModelPackageGroupName")
    if not isinstance(group, str):
        return general(call, _GENERAL)
    name = group.rpartition("/")[2]
    base = (
        group.rpartition(":")[0]
        if group.startswith("arn:")
        else f"arn:aws:sagemaker:{call.region}:{call.account}"
    )
    account = account_of(group, call.account)
    arn = f"{base}:model-package-group/{name}"
    found = [Authorization(f"sagemaker:{call.operation}", arn, account)]
    if call.operation == "CreateModelPackage":
        packages = f"{base}:model-package/{name}/*"
        found.append(Authorization("sagemaker:CreateModelPackage", packages, account))
    return found


_GAPS = """
    CreateClusterExtension CreateInferenceRouter DeleteClusterExtension DeleteEndpointPolicy
    DeleteInferenceRouter DescribeClusterExtension DescribeClusterOperation DescribeInferenceRouter
    GetEndpointPolicy ListClusterExtensionVersions ListClusterExtensions ListClusterOperations
    ListInferenceRouters PutEndpointPolicy UpdateClusterExtension UpdateInferenceRouter
"""
GAPS = frozenset(_GAPS.split())
"""Operations of newer features that the published data does not know."""

NAMES: Mapping[str, Sequence[str]] = {
    "ModelPackageName": ("ModelPackageName",),
    "DomainId": ("DomainId",),
    "PipelineName": ("PipelineName", "PipelineArn"),
    "ClusterId": ("ClusterName", "ClusterArn"),
    "DataQualityJobDefinitionName": ("JobDefinitionName",),
    "ModelBiasJobDefinitionName": ("JobDefinitionName",),
    "ModelExplainabilityJobDefinitionName": ("JobDefinitionName",),
    "ModelQualityJobDefinitionName": ("JobDefinitionName",),
    "MlflowTrackingServerName": ("TrackingServerName",),
    "SessionName": ("TrainingSessionName",),
    "AutoMLJobJobName": ("AutoMLJobName",),
    "InferenceRecommendationsJobName": ("JobName",),
    "DeviceName": ("Devices.DeviceName", "DeviceNames", "DeviceName"),
    "MonitoringScheduleAlertName": ("MonitoringAlertName",),
}
"""Parameters of ARN variables that are called otherwise."""

# The version of an image may be given by an alias, which only the service can read.
STAND_INS: Mapping[str, str] = {"Version": "*"}
UNNAMED = frozenset({"SendPipelineExecutionStepFailure", "SendPipelineExecutionStepSuccess"})
"""Operations that carry a token of a pipeline's execution and not its name."""
