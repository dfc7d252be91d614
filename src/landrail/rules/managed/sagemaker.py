"""Rules of SageMaker's notebooks, domains and feature groups. Source of what each asks: AWS Config,
"List of AWS Config managed rules"; those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import of_allowed_types, open_outside
from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS",
        table="sagemaker_notebook_instances",
        wrong="direct_internet",
        says="the notebook reaches the internet past its VPC",
        triggers=("periodic",),
    ),
    managed(
        "SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC",
        table="sagemaker_notebook_instances",
        wrong="subnet IS NULL OR (:SubnetIds <> '' AND subnet NOT IN (:SubnetIds))",
        says="the notebook is not in a VPC, or not in a subnet that is asked for",
        parameters={"SubnetIds": ""},
    ),
    managed(
        "SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK",
        table="sagemaker_notebook_instances",
        wrong="root_access",
        says="the notebook's users are root",
    ),
    managed(
        "SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED",
        table="sagemaker_notebook_instances",
        wrong="kms_key IS NULL OR (:kmsKeyArns <> '' AND kms_key NOT IN (:kmsKeyArns))",
        says="the notebook's volume has no KMS key, or not one that is asked for",
        parameters={"kmsKeyArns": ""},
        triggers=("periodic",),
    ),
    managed(
        "SAGEMAKER_NOTEBOOK_INSTANCE_STORAGE_VOL_KMS_ENCRYPTED",
        table="sagemaker_notebook_instances",
        wrong="kms_key IS NULL",
        says="the notebook's volume has no KMS key",
    ),
    managed(
        "SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION",
        table="sagemaker_notebook_instances",
        wrong="platform IS NULL OR platform NOT IN (:supportedPlatformIdentifierVersions)",
        says="the notebook's platform is not supported any more",
        parameters={
            "supportedPlatformIdentifierVersions": "notebook-al2-v3,notebook-al2023-v1",
        },
        triggers=("periodic",),
    ),
    Rule(
        name="sagemaker-notebook-imdsv2",
        table="sagemaker_notebook_instances",
        wrong="imds_version IS NULL OR imds_version <> '2'",
        says="the notebook's metadata service takes requests without a token",
        guard=guard(
            "imdsv2",
            "AWS::SageMaker::NotebookInstance",
            "configuration.InstanceMetadataServiceConfiguration"
            '.MinimumInstanceMetadataServiceVersion == "2"',
        ),
    ),
    Rule(
        name="sagemaker-notebook-lifecycle-config",
        table="sagemaker_notebook_instances",
        wrong="lifecycle_config IS NULL"
        " OR (:lifecycleConfigNames <> '' AND lifecycle_config NOT IN (:lifecycleConfigNames))",
        says="the notebook starts without a lifecycle configuration that is asked for",
        parameters={"lifecycleConfigNames": ""},
    ),
    of_allowed_types(
        "sagemaker-notebook", "sagemaker_notebook_instances", "the notebook is of an instance type"
    ),
    managed(
        "SAGEMAKER_DOMAIN_IN_VPC",
        table="sagemaker_domains",
        wrong="vpc IS NULL OR NOT vpc_only",
        says="the domain's apps reach the internet past its VPC",
    ),
    Rule(
        name="sagemaker-domain-kms-key",
        table="sagemaker_domains",
        wrong="kms_key IS NULL",
        says="the domain's file system has no KMS key",
        guard=guard("keyed", "AWS::SageMaker::Domain", "configuration.KmsKeyId exists"),
    ),
    managed(
        "SAGEMAKER_FEATUREGROUP_ENCRYPTION_AT_REST",
        table="sagemaker_feature_groups",
        applies="offline_store",
        wrong="offline_key IS NULL",
        says="the feature group's offline store has no KMS key",
    ),
    managed(
        "SAGEMAKER_FEATUREGROUP_ONLINE_STORE_ENCRYPTION",
        table="sagemaker_feature_groups",
        applies="online_store AND online_storage = 'Standard'",
        wrong="online_key IS NULL",
        says="the feature group's online store has no KMS key",
    ),
    open_outside(
        "sagemaker-model-package-group",
        "sagemaker_model_package_groups",
        "the model package group's policy lets in somebody from outside the organization",
    ),
)
