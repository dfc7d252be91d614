"""Fix: messages of a queue are encrypted by SQS."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("sqs-queue-encrypted",),
    says="encrypt messages by a key of SQS",
    calls=fixed_call(
        "sqs", "SetQueueAttributes", QueueUrl="{id}", Attributes={"SqsManagedSseEnabled": "true"}
    ),
    actions=("sqs:SetQueueAttributes",),
)
