"""Rules of tags on SageMaker's resources. Source of what AWS's ask: AWS Config, "List of AWS Config
managed rules"; those without an identifier are this project's own, in the same words."""

from __future__ import annotations

from landrail.rules.rule import Rule

_TAGGED = (
    ("sagemaker-domain-tagged", "sagemaker_domains", "SAGEMAKER_DOMAIN_TAGGED"),
    (
        "sagemaker-feature-group-tagged",
        "sagemaker_feature_groups",
        "SAGEMAKER_FEATURE_GROUP_TAGGED",
    ),
    (
        "sagemaker-inferenceexperiment-tagged",
        "sagemaker_inference_experiments",
        "SAGEMAKER_INFERENCEEXPERIMENT_TAGGED",
    ),
    ("sagemaker-notebook-instance-tagged", "sagemaker_notebook_instances", None),
    ("sagemaker-model-tagged", "sagemaker_models", None),
    ("sagemaker-endpoint-config-tagged", "sagemaker_endpoint_configs", None),
    ("sagemaker-endpoint-tagged", "sagemaker_endpoints", None),
    ("sagemaker-model-package-group-tagged", "sagemaker_model_package_groups", None),
    ("sagemaker-training-job-tagged", "sagemaker_training_jobs", None),
    ("sagemaker-processing-job-tagged", "sagemaker_processing_jobs", None),
    ("sagemaker-transform-job-tagged", "sagemaker_transform_jobs", None),
)

RULES = tuple(
    Rule(
        name=name,
        identifier=identifier,
        table=table,
        wrong="tag_keys = ',' OR NOT HAS_ALL(tag_keys, :requiredKeyTags)",
        says="it has no tags, or lacks one that is asked for",
        parameters={"requiredKeyTags": ""},
    )
    for name, table, identifier in _TAGGED
)
