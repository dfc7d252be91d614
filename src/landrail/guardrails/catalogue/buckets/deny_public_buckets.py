"""Guardrail: no bucket or object is opened to everybody."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.actions import carrying, narrow
from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail
from landrail.guardrails.perimeter import deny_all, no_anonymous
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import Statement, deny

_LIST = "s3:x-amz-acl"
_EVERYBODY = ("public-read", "public-read-write", "authenticated-read")
_NOBODY = (
    "private",
    "aws-exec-read",
    "bucket-owner-full-control",
    "bucket-owner-read",
    "log-delivery-write",
)
_GROUPS = "*/global/*"
"""Everybody, and everybody with an account of AWS."""
_GRANTS = ("read", "write", "read-acp", "write-acp", "full-control")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    lists = tuple(name for name in carrying("s3", _LIST) if name.endswith("Acl"))
    return (
        # A list may be in the body of the request, where no key shows it: only those that have a
        # name are allowed.
        deny(
            narrow("s3", lists),
            unless=BREAK_GLASS_AND_PLATFORM,
            when={"StringNotEquals": {_LIST: list(_NOBODY)}},
        ),
    )


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    made = ("s3:CreateBucket", "s3:PutObject")
    grants = (
        deny_all(made, {"StringLike": {f"s3:x-amz-grant-{grant}": _GROUPS}}) for grant in _GRANTS
    )
    return (
        no_anonymous("s3:*"),
        deny_all(made, {"StringEquals": {_LIST: list(_EVERYBODY)}}),
        *grants,
    )


GUARDRAIL = Guardrail(
    id="deny-public-buckets",
    title="no bucket or object is opened to everybody",
    why="one public bucket of training data is a breach",
    severity="critical",
    remedy="share with roles by name: `share` of a data set in the file",
    frameworks=Frameworks(
        control_tower=(
            "AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED",
            "AWS-GR_S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        ),
        security_hub=("S3.2", "S3.3"),
        conformance_packs=(
            "ct-detective",
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    resource_control=_resources,
    proactive=(
        templates.is_not(
            "AWS::S3::Bucket", "AccessControl", "PublicRead", "PublicReadWrite", "AuthenticatedRead"
        ),
        templates.not_public("AWS::S3::BucketPolicy", "PolicyDocument"),
    ),
    detective=(
        Detective("s3-bucket-public-read-prohibited"),
        Detective("s3-bucket-public-write-prohibited"),
    ),
)
