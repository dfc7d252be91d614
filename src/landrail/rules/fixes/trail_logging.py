"""Fix: a trail logs."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("cloud-trail-logging",),
    says="start logging",
    calls=fixed_call("cloudtrail", "StartLogging", Name="{arn}"),
    actions=("cloudtrail:StartLogging",),
)
