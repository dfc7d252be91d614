"""Guardrail: the platform's buckets keep every version."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
)

_BUCKET = ("AWS::S3::Bucket",)


def _versioned(facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:PutBucketVersioning", facts.buckets(), unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="require-bucket-versioning",
    title="the platform's buckets keep every version",
    why="without versions, a mistaken or hostile write cannot be undone",
    severity="medium",
    remedy="delete objects; their versions stay for a while",
    service_control=_versioned,
    detective=(Detective("s3-bucket-versioning-enabled"),),
)
