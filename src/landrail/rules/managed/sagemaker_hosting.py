"""Rules of SageMaker's models, endpoint configurations and inference experiments. Source of what
each asks: AWS Config, "List of AWS Config managed rules"; those without an identifier are this
project's own."""

from __future__ import annotations

from landrail.rules.alike import in_allowed_subnets, of_allowed_types
from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "SAGEMAKER_MODEL_ISOLATION_ENABLED",
        table="sagemaker_models",
        wrong="NOT network_isolation",
        says="the model's containers reach the network",
    ),
    managed(
        "SAGEMAKER_MODEL_IN_VPC",
        table="sagemaker_models",
        wrong="NOT in_vpc",
        says="the model is not in a VPC",
    ),
    managed(
        "SAGEMAKER_MODEL_PRIVATE_REGISTRY_REQUIRED",
        table="sagemaker_models",
        applies="primary_container",
        wrong="NOT primary_from_vpc",
        says="the model's image is not from a private registry in a VPC",
    ),
    managed(
        "SAGEMAKER_MODEL_MULTICONTAINER_PRIVATE_REGISTRY",
        table="sagemaker_models",
        applies="containers > 0",
        wrong="NOT containers_from_vpc",
        says="an image of the model is not from a private registry in a VPC",
    ),
    Rule(
        name="sagemaker-model-image-allowed",
        table="sagemaker_models",
        applies=":allowedImages <> ''",
        wrong="NOT ALL_AMONG(images, :allowedImages)",
        says="the model runs an image that is not allowed",
        parameters={"allowedImages": ""},
    ),
    Rule(
        name="sagemaker-model-image-by-digest",
        table="sagemaker_models",
        wrong="NOT images_by_digest",
        says="the model names an image by a tag, which can come to mean another",
        guard=guard(
            "by_digest",
            "AWS::SageMaker::Model",
            "when configuration.PrimaryContainer.Image exists {"
            " configuration.PrimaryContainer.Image == /@sha256:/ }",
            "when configuration.Containers[*].Image exists {"
            " configuration.Containers[*].Image == /@sha256:/ }",
        ),
    ),
    managed(
        "SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
        table="sagemaker_endpoint_configs",
        wrong="kms_key IS NULL OR (:kmsKeyArns <> '' AND kms_key NOT IN (:kmsKeyArns))",
        says="the endpoint configuration has no KMS key, or not one that is asked for",
        parameters={"kmsKeyArns": ""},
        triggers=("periodic",),
    ),
    managed(
        "SAGEMAKER_ENDPOINT_CONFIG_KMS_KEY_REQUIRED",
        table="sagemaker_endpoint_configs",
        wrong="kms_key IS NULL",
        says="the endpoint configuration has no KMS key",
    ),
    managed(
        "SAGEMAKER_ENDPOINT_CONFIG_PROD_INSTANCE_COUNT",
        table="sagemaker_endpoint_configs",
        applies="fewest_instances IS NOT NULL",
        wrong="fewest_instances <= 1",
        says="a production variant begins with one instance",
        triggers=("periodic",),
    ),
    Rule(
        name="sagemaker-endpoint-config-data-capture",
        table="sagemaker_endpoint_configs",
        wrong="NOT captures_data",
        says="what the endpoint is asked and answers is not captured",
        guard=guard(
            "captures",
            "AWS::SageMaker::EndpointConfig",
            "configuration.DataCaptureConfig.EnableCapture == true",
        ),
    ),
    Rule(
        name="sagemaker-endpoint-config-data-capture-key",
        table="sagemaker_endpoint_configs",
        applies="captures_data",
        wrong="capture_key IS NULL",
        says="what the endpoint captures has no KMS key",
        guard=guard(
            "capture_keyed",
            "AWS::SageMaker::EndpointConfig",
            "configuration.DataCaptureConfig.KmsKeyId exists",
            when="configuration.DataCaptureConfig.EnableCapture == true",
        ),
    ),
    Rule(
        name="sagemaker-endpoint-config-output-key",
        table="sagemaker_endpoint_configs",
        applies="asynchronous",
        wrong="output_key IS NULL",
        says="what the endpoint writes to a bucket has no KMS key",
        guard=guard(
            "output_keyed",
            "AWS::SageMaker::EndpointConfig",
            "configuration.AsyncInferenceConfig.OutputConfig.KmsKeyId exists",
            when="configuration.AsyncInferenceConfig exists",
        ),
    ),
    of_allowed_types(
        "sagemaker-endpoint-config",
        "sagemaker_endpoint_configs",
        "a variant is of an instance type",
    ),
    managed(
        "SAGEMAKER_INF_EXPERIMENT_DATA_STORAGE_KMS_ENCRYPTED",
        table="sagemaker_inference_experiments",
        applies="stores_data",
        wrong="data_key IS NULL",
        says="what the inference experiment keeps has no KMS key",
    ),
    managed(
        "SAGEMAKER_INF_EXPERIMENT_INSTANCE_STORAGE_KMS_ENCRYPTED",
        table="sagemaker_inference_experiments",
        wrong="volume_key IS NULL",
        says="the volumes of the inference experiment's instances have no KMS key",
    ),
    Rule(
        name="sagemaker-endpoint-config-on-instances",
        table="sagemaker_endpoint_configs",
        wrong="serverless",
        says="the endpoint is serverless, so that its network and keys cannot be chosen",
        guard=guard(
            "on_instances",
            "AWS::SageMaker::EndpointConfig",
            "configuration.ProductionVariants[*].ServerlessConfig !exists",
        ),
    ),
    in_allowed_subnets("sagemaker-model", "sagemaker_models", "the model is not"),
)
