"""Guardrail: buckets, queues, keys and secrets are reached over TLS only."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail, Statement
from landrail.guardrails.perimeter import but_services, deny_all

_SERVICES = ("s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:*", "ecr:*")


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    return (deny_all(_SERVICES, but_services({"Bool": {"aws:SecureTransport": "false"}})),)


GUARDRAIL = Guardrail(
    id="require-tls",
    title="buckets, queues, keys and secrets are reached over TLS only",
    why="what travels in plain text can be read on its way",
    severity="medium",
    remedy="use https",
    frameworks=Frameworks(
        security_hub=("S3.5",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    resource_control=_resources,
    detective=(Detective("s3-bucket-ssl-requests-only"),),
)
