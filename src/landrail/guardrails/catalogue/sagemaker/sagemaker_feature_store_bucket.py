"""Guardrail: features lie in the platform's own buckets."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.holding import Holding
from landrail.guardrails.sagemaker import ML_KINDS


def _ours(facts: Facts) -> must.Must:
    return must.one_of_if_given(f"s3://{facts.prefix}-*")


GUARDRAIL = Guardrail(
    id="sagemaker-feature-store-bucket",
    title="features lie in the platform's own buckets",
    why="a feature group can write to the bucket of anybody",
    severity="high",
    remedy="give an S3 URI of the platform's buckets",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:FeatureGroupOfflineStoreS3Uri", must=_ours),
)
