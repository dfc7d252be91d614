"""Guardrail: nobody lifts the block of public access of a bucket."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
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
    remedy="leave the block as it is: a new bucket has it",
    frameworks=Frameworks(
        security_hub=("S3.8",),
        conformance_packs=("datalake-analytics", "s3", "sagemaker-governance", "self-hosted-ai-ml"),
    ),
    service_control=fixed(deny("s3:PutBucketPublicAccessBlock", unless=BREAK_GLASS_AND_PLATFORM)),
    proactive=(*_BLOCKED,),
    detective=(Detective("s3-bucket-level-public-access-prohibited"),),
)
