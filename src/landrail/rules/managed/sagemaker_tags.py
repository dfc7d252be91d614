"""Rules of tags on SageMaker's resources. Source of what AWS's ask: AWS Config, "List of AWS Config
managed rules"; those without an identifier are this project's own, in the same words."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.inventory.catalogue import tables
from landrail.rules.guard import guard
from landrail.rules.rule import Guarding, Rule

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

_RECORDED = ("sagemaker_notebook_instances", "sagemaker_models", "sagemaker_endpoint_configs")
"""Tables whose resources Config records, for which AWS has no rule of tags."""


def _guard(table: str) -> Guarding | None:
    """Return what writes the custom policy rule of a table: Config has an item's tags as an
    object, AWS's own among them."""
    if table not in _RECORDED:
        return None
    kind = tables()[table].resource_type

    def text(parameters: Mapping[str, str]) -> str:
        keys = [key.strip() for key in parameters["requiredKeyTags"].split(",") if key.strip()]
        named = [f"tags['{key}'] exists" for key in keys]
        return guard("tagged", kind, "tags[ keys != /^aws:/ ] !empty", *named)

    return text


RULES = tuple(
    Rule(
        name=name,
        identifier=identifier,
        table=table,
        wrong="tag_keys = ',' OR NOT HAS_ALL(tag_keys, :requiredKeyTags)",
        says="it has no tags, or lacks one that is asked for",
        parameters={"requiredKeyTags": ""},
        guard=None if identifier else _guard(table),
    )
    for name, table, identifier in _TAGGED
)
