"""The condition keys of services whose keys are their parameters by another name.

Source: the condition keys in each service's page of the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.gateway.requests.keys import as_text, from_parameters
from landrail.localaws.gateway.requests.values import Call, ContextValue

autoscaling_keys = from_parameters(
    {
        "application-autoscaling:scalable-dimension": "ScalableDimension",
        "application-autoscaling:service-namespace": "ServiceNamespace",
    }
)
cloudformation_keys = from_parameters(
    {
        "cloudformation:ChangeSetName": "ChangeSetName",
        "cloudformation:RoleArn": "RoleARN AdministrationRoleARN",
        "cloudformation:StackPolicyUrl": "StackPolicyURL",
        "cloudformation:TemplateUrl": "TemplateURL",
        "cloudformation:TypeArn": "Arn TypeArn PublicTypeArn",
    },
    {
        "cloudformation:ImportResourceTypes": "ResourcesToImport.ResourceType",
        "cloudformation:ResourceTypes": "ResourceTypes",
        "cloudformation:TargetRegion": "Regions",
    },
)
cloudwatch_keys = from_parameters(
    {"cloudwatch:namespace": "Namespace"},
    {
        "cloudwatch:AlarmActions": "AlarmActions OKActions InsufficientDataActions",
        "cloudwatch:requestManagedResourceARNs": "ManagedRules.ResourceARN",
    },
)
config_keys = from_parameters({"config:ConfigurationRecorderServicePrincipal": "ServicePrincipal"})
ecr_keys = from_parameters({"ecr:AccountSetting": "name"})
lambda_keys = from_parameters(
    {
        "lambda:CodeSigningConfigArn": "CodeSigningConfigArn",
        "lambda:FunctionUrlAuthType": "AuthType FunctionUrlAuthType",
        "lambda:Principal": "Principal",
    },
    {
        "lambda:Layer": "Layers",
        "lambda:SecurityGroupIds": "VpcConfig.SecurityGroupIds",
        "lambda:SubnetIds": "VpcConfig.SubnetIds",
    },
)
logs_keys = from_parameters(
    {
        "logs:DeliveryDestinationResourceArn": (
            "deliveryDestinationConfiguration.destinationResourceArn"
        )
    },
    {"logs:LogGeneratingResourceArns": "resourceArn"},
)
sns_keys = from_parameters({"sns:Endpoint": "Endpoint", "sns:Protocol": "Protocol"})
ssm_keys = from_parameters(
    {
        "ssm:AccessRequestId": "AccessRequestId",
        "ssm:DocumentType": "DocumentType",
        "ssm:DocumentVersion": "DocumentVersion",
        "ssm:InventoryTypeName": "TypeName",
        "ssm:Overwrite": "Overwrite",
        "ssm:Policies": "Policies",
        "ssm:Recursive": "Recursive",
        "ssm:SyncType": "SyncType",
    }
)
secrets_keys = from_parameters(
    {
        "secretsmanager:BlockPublicPolicy": "BlockPublicPolicy",
        "secretsmanager:Description": "Description",
        "secretsmanager:ExternalSecretRotationRoleArn": "ExternalSecretRotationRoleArn",
        "secretsmanager:ForceDeleteWithoutRecovery": "ForceDeleteWithoutRecovery",
        "secretsmanager:ForceOverwriteReplicaSecret": "ForceOverwriteReplicaSecret",
        "secretsmanager:KmsKeyId": "KmsKeyId",
        "secretsmanager:ModifyRotationRules": "RotationRules.AutomaticallyAfterDays",
        "secretsmanager:Name": "Name",
        "secretsmanager:RecoveryWindowInDays": "RecoveryWindowInDays",
        "secretsmanager:RotateImmediately": "RotateImmediately",
        "secretsmanager:RotationLambdaARN": "RotationLambdaARN",
        "secretsmanager:Type": "Type",
        "secretsmanager:VersionId": "VersionId",
        "secretsmanager:VersionStage": "VersionStage",
    },
    {"secretsmanager:AddReplicaRegions": "AddReplicaRegions.Region"},
)

_WHOLE = (
    "artifacts",
    "buildBatchConfig",
    "cache",
    "environment",
    "logsConfig",
    "secondaryArtifacts",
    "secondarySources",
    "source",
    "vpcConfig",
    "computeConfiguration",
)
_WHOLE_INSIDE = (
    "environment.computeConfiguration",
    "environment.registryCredential",
    "logsConfig.s3Logs",
)
_BY_ID = {
    "environmentVariables": ("name", "environment.environmentVariables"),
    "fileSystemLocations": ("identifier", "fileSystemLocations"),
    "secondaryArtifacts": ("artifactIdentifier", "secondaryArtifacts"),
    "secondarySources": ("sourceIdentifier", "secondarySources"),
}


def codebuild_keys(call: Call) -> Mapping[str, ContextValue]:
    """CodeBuild's keys are the paths of its parameters; members of lists have an id in them, too,
    and a structure that is given is `true`."""
    found: dict[str, ContextValue] = {}
    for name, value in call.params.items():
        if name in _WHOLE and value:
            found[f"codebuild:{name}"] = "true"
        _walk(value, name, found)
    return found


def _walk(value: Any, path: str, found: dict[str, ContextValue]) -> None:
    if isinstance(value, Mapping):
        if path in _WHOLE_INSIDE and value:
            found[f"codebuild:{path}"] = "true"
        for name, inner in value.items():
            _walk(inner, f"{path}.{name}", found)
    elif isinstance(value, list | tuple):
        _each(value, path, found)
    elif value is not None:
        key = f"codebuild:{path}"
        before = found.get(key)
        text = as_text(value)
        found[key] = text if before is None else (*_several(before), text)


def _each(values: Any, path: str, found: dict[str, ContextValue]) -> None:
    named = _BY_ID.get(path.rpartition(".")[2])
    if path == "environment.environmentVariables" and values:
        found[f"codebuild:{path}"] = "true"
    for value in values:
        if not isinstance(value, Mapping):
            key = f"codebuild:{path}"
            found[key] = (*_several(found.get(key, ())), as_text(value))
            continue
        for name, inner in value.items():
            if isinstance(inner, Mapping):
                for deeper, last in inner.items():
                    key = f"codebuild:{path}.{name}.{deeper}"
                    found[key] = (*_several(found.get(key, ())), as_text(last))
            if isinstance(inner, str | bool | int):
                key = f"codebuild:{path}.{name}"
                found[key] = (*_several(found.get(key, ())), as_text(inner))
            if named is not None and value.get(named[0]):
                _walk(inner, f"{named[1]}/{value[named[0]]}.{name}", found)


def _several(value: ContextValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
