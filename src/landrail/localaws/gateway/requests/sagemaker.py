"""SageMaker: package groups, and the parameters that are called otherwise than its resources.

Source: SageMaker Developer Guide, "Model registry: cross-account" for the resources of a package
group and what its policy grants to those who deploy its versions. Its condition keys are in
`sagemaker_keys`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landrail.localaws.gateway.requests.general import account_of, general
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup

_GENERAL = Rules("sagemaker")


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


def resolve_model(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return what making a model needs: of a version of another account's registry, its leave."""
    found = list(general(call, _GENERAL))
    containers = [call.params.get("PrimaryContainer"), *(call.params.get("Containers") or ())]
    for container in containers:
        package = container.get("ModelPackageName") if isinstance(container, Mapping) else None
        if isinstance(package, str) and account_of(package, call.account) != call.account:
            account = account_of(package, call.account)
            found.append(Authorization("sagemaker:CreateModel", package, account))
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
