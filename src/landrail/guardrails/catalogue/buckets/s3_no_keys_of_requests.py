"""Guardrail: no object is encrypted with a key that comes with the request."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.perimeter import deny_all
from landrail.guardrails.statements import fixed

_ALLOWED = "BucketEncryption.ServerSideEncryptionConfiguration.*.BlockedEncryptionTypes"

GUARDRAIL = Guardrail(
    id="s3-no-keys-of-requests",
    title="no object is encrypted with a key that comes with the request",
    why="AWS keeps no such key: who brings it holds the data to ransom",
    severity="high",
    remedy=(
        "leave out the SSE-C headers: the bucket's own key is used; leave SSE-C blocked, as new "
        "buckets have it"
    ),
    resource_control=fixed(
        deny_all(
            "s3:PutObject",
            {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        )
    ),
    proactive=(templates.is_not("AWS::S3::Bucket", f"{_ALLOWED}.EncryptionType.*", "NONE"),),
)
