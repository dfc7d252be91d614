"""SageMaker: the condition keys that its guardrails are made of, and package groups.

Source: Service Authorization Reference, "Amazon SageMaker"; SageMaker Developer Guide, "Model
registry: cross-account" for the resources of a package group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.general import account_of, general
from landrail.localaws.gateway.requests.keys import from_parameters
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.used_keys import named_key
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
    "FileSystemAccessMode": "sagemaker:FileSystemAccessMode",
    "DirectoryPath": "sagemaker:FileSystemDirectoryPath",
    "FileSystemId": "sagemaker:FileSystemId",
    "FileSystemType": "sagemaker:FileSystemType",
    "WorkteamArn": "sagemaker:WorkteamArn",
    "AuthMode": "sagemaker:AuthMode",
}
_LISTS = {
    "InstanceType": "sagemaker:InstanceTypes",
    "AcceleratorType": "sagemaker:AcceleratorTypes",
    "AcceleratorTypes": "sagemaker:AcceleratorTypes",
    "Subnets": "sagemaker:VpcSubnets",
    "SubnetIds": "sagemaker:VpcSubnets",
    "SubnetId": "sagemaker:VpcSubnets",
    "SecurityGroupIds": "sagemaker:VpcSecurityGroupIds",
    "SecurityGroups": "sagemaker:VpcSecurityGroupIds",
    "InstanceTypes": "sagemaker:InstanceTypes",
    "SageMakerImageArn": "sagemaker:ImageArns",
    "SageMakerImageVersionArn": "sagemaker:ImageVersionArns",
    "LifecycleConfigArn": "sagemaker:StudioLifecycleConfigArns",
    "LifecycleConfigArns": "sagemaker:StudioLifecycleConfigArns",
}
_VOLUME_KEY = "sagemaker:VolumeKmsKey"
_OUTPUT_KEY = "sagemaker:OutputKmsKey"
_INSIDE_OUTPUT = ("OutputDataConfig", "ProcessingOutputConfig", "TransformOutput", "OutputConfig")
_DATA_CAPTURE = "DataCaptureConfig"


_given = from_parameters(
    {
        "sagemaker:DomainSharingOutputKmsKeyArn": "DefaultUserSettings.SharingSettings.S3KmsKeyId "
        "UserSettings.SharingSettings.S3KmsKeyId",
        "sagemaker:FeatureGroupDisableGlueTableCreation": (
            "OfflineStoreConfig.DisableGlueTableCreation"
        ),
        "sagemaker:FeatureGroupEnableOnlineStore": "OnlineStoreConfig.EnableOnlineStore",
        "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": (
            "OfflineStoreConfig.S3StorageConfig.KmsKeyId"
        ),
        "sagemaker:FeatureGroupOfflineStoreS3Uri": "OfflineStoreConfig.S3StorageConfig.S3Uri",
        "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": "OnlineStoreConfig.SecurityConfig.KmsKeyId",
        "sagemaker:ModelLifeCycle:Stage": "ModelLifeCycle.Stage",
        "sagemaker:ModelLifeCycle:StageStatus": "ModelLifeCycle.StageStatus",
        "sagemaker:PipelineVersionId": "PipelineVersionId",
        "sagemaker:RemoteAccess": "SpaceSettings.RemoteAccess",
        "sagemaker:ServerlessMaxConcurrency": "ProductionVariants.ServerlessConfig.MaxConcurrency",
        "sagemaker:ServerlessMemorySize": "ProductionVariants.ServerlessConfig.MemorySizeInMB",
        "sagemaker:SpaceSharingType": "SpaceSharingSettings.SharingType",
    },
    {
        "sagemaker:CustomerMetadataPropertiesToRemove": "CustomerMetadataPropertiesToRemove",
        "sagemaker:NotebookInstanceLifecycleConfigArns": "LifecycleConfigName",
    },
)


def keys(call: Call) -> Mapping[str, ContextValue]:
    """Return the keys of a request, wherever in it their parameters stand; absent: not given."""
    texts: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    _gather(call.params, "", texts, lists)
    context: dict[str, ContextValue] = {**texts, **_given(call)}
    context.update({key: tuple(dict.fromkeys(values)) for key, values in lists.items()})
    _by_name(call, context)
    return context


def _by_name(call: Call, context: dict[str, ContextValue]) -> None:
    """Keys with a name of the request's in them, and those of what is there at all."""
    properties = call.params.get("CustomerMetadataProperties")
    if isinstance(properties, Mapping):
        for name, value in properties.items():
            context[f"sagemaker:CustomerMetadataProperties/{name}"] = str(value)
    for item in call.params.get("VisibilityConditions") or ():
        if isinstance(item, Mapping) and item.get("Key"):
            context[f"sagemaker:SearchVisibilityCondition/{item['Key']}"] = str(item.get("Value"))
    if "OfflineStoreConfig" in call.params:
        context["sagemaker:FeatureGroupOfflineStoreConfig"] = "true"
    owner = at_path(call.params, "OwnershipSettings.OwnerUserProfileName")
    domain = call.params.get("DomainId")
    if owner and domain:
        context["sagemaker:OwnerUserProfileArn"] = (
            f"arn:aws:sagemaker:{call.region}:{call.account}:user-profile/{domain}/{owner}"
        )
    configs = context.get("sagemaker:NotebookInstanceLifecycleConfigArns")
    if configs:
        base = f"arn:aws:sagemaker:{call.region}:{call.account}:notebook-instance-lifecycle-config"
        context["sagemaker:NotebookInstanceLifecycleConfigArns"] = tuple(
            name if name.startswith("arn:") else f"{base}/{name}" for name in configs
        )
    team = context.get("sagemaker:WorkteamArn")
    if isinstance(team, str) and "/" in team:
        context["sagemaker:WorkteamType"] = team.split("/")[-2]


def key_arns(call: Call, needed: Authorization, lookup: Lookup) -> Mapping[str, ContextValue]:
    """Return the keys that are ARNs of KMS keys, where the request names a key by its id; and which
    call gives the tags."""
    found: dict[str, ContextValue] = {}
    texts: dict[str, str] = {}
    _gather(call.params, "", texts, {})
    for name, value in {**texts, **_given(call)}.items():
        if name.endswith("KmsKeyArn") and isinstance(value, str):
            found[name] = named_key(value, call, lookup) or value
    if needed.action == "sagemaker:AddTags" and call.operation != "AddTags":
        found["sagemaker:TaggingAction"] = call.operation
    return found


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
