"""Guardrail: the online store of features is encrypted by a KMS key that the caller names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-online-store-encryption",
    title="the online store of features is encrypted by a KMS key that the caller names",
    why="features under AWS's own key are open to everybody who may use the store",
    severity="medium",
    remedy="give OnlineStoreConfig.SecurityConfig.KmsKeyId",
    kinds=ML_KINDS,
    frameworks=Frameworks(security_hub=("SageMaker.18",)),
    service_control=Holding(
        key="sagemaker:FeatureGroupOnlineStoreKmsKeyArn",
        must=always(must.given()),
        only_where={"Bool": {"sagemaker:FeatureGroupEnableOnlineStore": "true"}},
    ),
    proactive=(
        templates.where(
            lambda properties: templates.has(properties, "OnlineStoreConfig"),
            templates.given(
                "AWS::SageMaker::FeatureGroup", "OnlineStoreConfig.SecurityConfig.KmsKeyId"
            ),
        ),
    ),
    detective=(Detective("sagemaker-featuregroup-online-store-encryption"),),
)
