"""Guardrail: buckets, queues, keys and secrets are reached over TLS only."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.perimeter import but_services, deny_all
from landrail.guardrails.statements import fixed

_SERVICES = ("s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:*", "ecr:*")


GUARDRAIL = Guardrail(
    id="require-tls",
    title="buckets, queues, keys and secrets are reached over TLS only",
    why="what travels in plain text can be read on its way",
    severity="medium",
    remedy="use https",
    frameworks=Frameworks(
        security_hub=("S3.5",),
        conformance_packs=("datalake-analytics", "s3", "sagemaker-governance", "self-hosted-ai-ml"),
    ),
    resource_control=fixed(
        deny_all(_SERVICES, but_services({"Bool": {"aws:SecureTransport": "false"}}))
    ),
    detective=(Detective("s3-bucket-ssl-requests-only"),),
)
