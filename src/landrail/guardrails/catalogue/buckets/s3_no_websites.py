"""Guardrail: no bucket is a website."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import deny_all
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="s3-no-websites",
    title="no bucket is a website",
    why="a website is public, and answers in plain text",
    severity="medium",
    remedy="publish through a service that is made for it",
    resource_control=fixed(deny_all("s3:PutBucketWebsite", {})),
    proactive=(templates.not_given("AWS::S3::Bucket", "WebsiteConfiguration"),),
    detective=(Detective("s3-bucket-no-website"),),
)
