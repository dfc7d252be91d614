"""Guardrail: queues are for identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="sqs-shared-inside",
    title="queues are for identities of the organization",
    why="whoever may receive takes the messages away",
    severity="high",
    remedy="name roles in the queue's policy",
    resource_control=fixed(ours_only("sqs:*")),
    proactive=(templates.not_public("AWS::SQS::QueuePolicy", "PolicyDocument"),),
    detective=(Detective("sqs-queue-no-public-access"), Detective("sqs-queue-open-outside")),
)
