"""Guardrail: the offline store of features is encrypted by a KMS key that the caller names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-offline-store-encryption",
    title="the offline store of features is encrypted by a KMS key that the caller names",
    why="features under AWS's own key are open to everybody who may read the bucket",
    severity="medium",
    remedy="give OfflineStoreConfig.S3StorageConfig.KmsKeyId",
    kinds=ML_KINDS,
    frameworks=Frameworks(security_hub=("SageMaker.17",)),
    service_control=Holding(
        key="sagemaker:FeatureGroupOfflineStoreKmsKeyArn",
        must=always(must.given()),
        only_where={"Null": {"sagemaker:FeatureGroupOfflineStoreConfig": "false"}},
    ),
    proactive=(
        templates.where(
            lambda properties: templates.has(properties, "OfflineStoreConfig"),
            templates.given(
                "AWS::SageMaker::FeatureGroup", "OfflineStoreConfig.S3StorageConfig.KmsKeyId"
            ),
        ),
    ),
    detective=(Detective("sagemaker-featuregroup-encryption-at-rest"),),
)
