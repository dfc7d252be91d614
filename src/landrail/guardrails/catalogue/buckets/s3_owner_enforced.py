"""Guardrail: buckets are made without access control lists."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, ToEverybody, always

GUARDRAIL = Guardrail(
    id="s3-owner-enforced",
    title="buckets are made without access control lists",
    why="who may read an object under lists is told by each object for itself",
    severity="medium",
    remedy="leave ObjectOwnership out: BucketOwnerEnforced is the default",
    frameworks=Frameworks(
        security_hub=("S3.12",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
            "sagemaker-governance",
            "self-hosted-ai-ml",
        ),
    ),
    resource_control=ToEverybody(
        Holding(
            key="s3:x-amz-object-ownership",
            must=always(must.one_of_if_given("BucketOwnerEnforced")),
            unless=(),
            beside={"PutBucketOwnershipControls": "carries no key: denied by `s3-keep-ownership`"},
        )
    ),
    proactive=(
        templates.is_not(
            "AWS::S3::Bucket",
            "OwnershipControls.Rules.*.ObjectOwnership",
            "ObjectWriter",
            "BucketOwnerPreferred",
        ),
    ),
    detective=(Detective("s3-bucket-acl-prohibited"),),
)
