"""SageMaker: where in its requests the condition keys stand. Tables only.

Source: Service Authorization Reference, "Amazon SageMaker", beside the operations' parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

_SCHEDULED = "MonitoringScheduleConfig.MonitoringJobDefinition"

TEXTS: Mapping[str, str] = {
    "sagemaker:VolumeKmsKeyArn": "ResourceConfig.VolumeKmsKeyId"
    " HyperParameterTuningResourceConfig.VolumeKmsKeyId TransformResources.VolumeKmsKeyId"
    " ProcessingResources.ClusterConfig.VolumeKmsKeyId"
    " AutoMLJobConfig.SecurityConfig.VolumeKmsKeyId SecurityConfig.VolumeKmsKeyId"
    " JobResources.ClusterConfig.VolumeKmsKeyId"
    " LabelingJobAlgorithmsConfig.LabelingJobResourceConfig.VolumeKmsKeyId KmsKeyId"
    f" {_SCHEDULED}.MonitoringResources.ClusterConfig.VolumeKmsKeyId",
    "sagemaker:OutputKmsKeyArn": "OutputDataConfig.KmsKeyId ProcessingOutputConfig.KmsKeyId"
    " TransformOutput.KmsKeyId OutputConfig.KmsKeyId OutputConfig.S3Location.KmsKeyArn"
    " DataQualityJobOutputConfig.KmsKeyId ModelBiasJobOutputConfig.KmsKeyId"
    " ModelExplainabilityJobOutputConfig.KmsKeyId ModelQualityJobOutputConfig.KmsKeyId"
    f" {_SCHEDULED}.MonitoringOutputConfig.KmsKeyId",
    "sagemaker:MaxRuntimeInSeconds": "StoppingCondition.MaxRuntimeInSeconds"
    f" {_SCHEDULED}.StoppingCondition.MaxRuntimeInSeconds",
    "sagemaker:KeepAlivePeriod": "ResourceConfig.KeepAlivePeriodInSeconds",
}
"""For a key, the paths of the parameter that gives it, divided by blanks."""

LEAVES: Mapping[str, str] = {
    "EnableNetworkIsolation": "sagemaker:NetworkIsolation",
    "EnableInterContainerTrafficEncryption": "sagemaker:InterContainerTrafficEncryption",
    "DirectInternetAccess": "sagemaker:DirectInternetAccess",
    "RootAccess": "sagemaker:RootAccess",
    "AppNetworkAccessType": "sagemaker:AppNetworkAccessType",
    "ModelApprovalStatus": "sagemaker:ModelApprovalStatus",
    "HomeEfsFileSystemKmsKeyId": "sagemaker:HomeEfsFileSystemKmsKey",
    "EnableRemoteDebug": "sagemaker:EnableRemoteDebug",
    "MinimumInstanceMetadataServiceVersion": "sagemaker:MinimumInstanceMetadataServiceVersion",
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
"""Parameters that give a key wherever they stand in a request."""

LISTS: Mapping[str, str] = {
    "InstanceType": "sagemaker:InstanceTypes",
    "InstanceTypes": "sagemaker:InstanceTypes",
    "SelectedInstanceType": "sagemaker:InstanceTypes",
    "AcceleratorType": "sagemaker:AcceleratorTypes",
    "AcceleratorTypes": "sagemaker:AcceleratorTypes",
    "Subnets": "sagemaker:VpcSubnets",
    "SubnetIds": "sagemaker:VpcSubnets",
    "SubnetId": "sagemaker:VpcSubnets",
    "SecurityGroupIds": "sagemaker:VpcSecurityGroupIds",
    "SecurityGroups": "sagemaker:VpcSecurityGroupIds",
    "SageMakerImageArn": "sagemaker:ImageArns",
    "SageMakerImageVersionArn": "sagemaker:ImageVersionArns",
    "LifecycleConfigArn": "sagemaker:StudioLifecycleConfigArns",
    "LifecycleConfigArns": "sagemaker:StudioLifecycleConfigArns",
    "BuiltInLifecycleConfigArn": "sagemaker:StudioLifecycleConfigArns",
}
"""The same, of keys with several values."""

OTHER_TEXTS: Mapping[str, str] = {
    "sagemaker:DomainSharingOutputKmsKeyArn": "DefaultUserSettings.SharingSettings.S3KmsKeyId"
    " UserSettings.SharingSettings.S3KmsKeyId",
    "sagemaker:FeatureGroupDisableGlueTableCreation": "OfflineStoreConfig.DisableGlueTableCreation",
    "sagemaker:FeatureGroupEnableOnlineStore": "OnlineStoreConfig.EnableOnlineStore",
    "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": "OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    "sagemaker:FeatureGroupOfflineStoreS3Uri": "OfflineStoreConfig.S3StorageConfig.S3Uri",
    "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": "OnlineStoreConfig.SecurityConfig.KmsKeyId",
    "sagemaker:ModelLifeCycle:Stage": "ModelLifeCycle.Stage",
    "sagemaker:ModelLifeCycle:StageStatus": "ModelLifeCycle.StageStatus",
    "sagemaker:PipelineVersionId": "PipelineVersionId",
    "sagemaker:RemoteAccess": "SpaceSettings.RemoteAccess",
    "sagemaker:ServerlessMaxConcurrency": "ProductionVariants.ServerlessConfig.MaxConcurrency"
    " ShadowProductionVariants.ServerlessConfig.MaxConcurrency",
    "sagemaker:ServerlessMemorySize": "ProductionVariants.ServerlessConfig.MemorySizeInMB"
    " ShadowProductionVariants.ServerlessConfig.MemorySizeInMB",
    "sagemaker:SpaceSharingType": "SpaceSharingSettings.SharingType",
}
OTHER_LISTS: Mapping[str, str] = {
    "sagemaker:CustomerMetadataPropertiesToRemove": "CustomerMetadataPropertiesToRemove",
    "sagemaker:NotebookInstanceLifecycleConfigArns": "LifecycleConfigName",
}
