"""Guardrail: topics and queues are encrypted with a KMS key."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="messages-encrypted",
    title="topics and queues are encrypted with a KMS key",
    why="messages carry what they are about",
    severity="medium",
    remedy="give the topic or queue a KMS key",
    proactive=(
        templates.given("AWS::SNS::Topic", "KmsMasterKeyId"),
        templates.given("AWS::SQS::Queue", "KmsMasterKeyId"),
    ),
    detective=(
        Detective("sns-encrypted-kms"),
        Detective("sqs-queue-encrypted"),
    ),
)
