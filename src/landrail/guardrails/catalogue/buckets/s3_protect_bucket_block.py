"""Guardrail: nobody lifts the block of public access of a bucket."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.perimeter import BY_HAND
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

_SETTINGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_BLOCKED = tuple(
    templates.is_not("AWS::S3::Bucket", f"PublicAccessBlockConfiguration.{name}", False)
    for name in _SETTINGS
)


GUARDRAIL = Guardrail(
    id="s3-protect-bucket-block",
    title="nobody lifts the block of public access of a bucket",
    why="new buckets are blocked: whoever lifts that means to open one",
    severity="critical",
    remedy=(
        "leave the block as it is, a new bucket has it whole; where it must be named, name all "
        "four settings in the bucket's stack"
    ),
    frameworks=Frameworks(
        security_hub=("S3.8",),
        conformance_packs=("datalake-analytics", "s3", "sagemaker-governance", "self-hosted-ai-ml"),
    ),
    # No condition key tells what a request sets. A template does, and the account's own block,
    # which no template can lift, stands behind it.
    service_control=fixed(
        deny("s3:PutBucketPublicAccessBlock", unless=BREAK_GLASS_AND_PLATFORM, when=BY_HAND)
    ),
    proactive=(*_BLOCKED,),
    detective=(Detective("s3-bucket-level-public-access-prohibited"),),
)
