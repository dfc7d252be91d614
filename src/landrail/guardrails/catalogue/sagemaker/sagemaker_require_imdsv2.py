"""Guardrail: notebooks give credentials through version 2 of the metadata service alone."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-require-imdsv2",
    title="notebooks give credentials through version 2 of the metadata service alone",
    why="by version 1, one request forged through a proxy reads the credentials of the role",
    severity="medium",
    remedy="set MinimumInstanceMetadataServiceVersion 2, on every update too",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:MinimumInstanceMetadataServiceVersion", must=always(must.one_of("2"))
    ),
    proactive=(
        templates.is_one_of(
            "AWS::SageMaker::NotebookInstance",
            "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
            "2",
        ),
    ),
    detective=(Detective("sagemaker-notebook-imdsv2"),),
)
