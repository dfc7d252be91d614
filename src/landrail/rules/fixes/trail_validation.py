"""Fix: a trail's files come with signed digests."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("cloud-trail-log-file-validation-enabled",),
    says="write signed digests",
    calls=fixed_call("cloudtrail", "UpdateTrail", Name="{arn}", EnableLogFileValidation=True),
    actions=("cloudtrail:UpdateTrail",),
)
