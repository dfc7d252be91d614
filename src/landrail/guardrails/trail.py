"""Guardrail: the trail, the recorder and their logs are out of everybody's reach."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
    vending_role,
)

_MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())


def _trail(_facts: Facts) -> tuple[Statement, ...]:
    actions = patterns("cloudtrail", writes_on("cloudtrail", "trail"))
    return (deny(actions, unless=_MAKERS),)


def _recorder(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(patterns("config", writes("config")), unless=_MAKERS),)


def _logs(facts: Facts) -> tuple[Statement, ...]:
    bucket = facts.buckets("log-archive-*")
    on_bucket = patterns("s3", writes_on("s3", "bucket"))
    return (
        deny(on_bucket, bucket, unless=(role(PLATFORM), role(BREAK_GLASS))),
        deny(
            patterns("s3", writes_on("s3", "object")),
            f"{bucket}/*",
            unless=(role("config-recorder"),),
        ),
    )


TRAIL = Guardrail(
    name="protect-trail",
    summary="nobody stops, changes or deletes a trail",
    remedy="ask the security team; the trail belongs to the management account",
    scopes=(ROOT,),
    preventive=_trail,
)
RECORDER = Guardrail(
    name="protect-recorder",
    summary="only the platform changes the Config recorder, its delivery and its rules",
    remedy="change the file and apply it",
    scopes=(ROOT,),
    preventive=_recorder,
)
LOGS = Guardrail(
    name="protect-logs",
    summary="nobody writes or deletes what the log archive holds",
    remedy="logs are kept until their retention ends",
    scopes=("Security",),
    preventive=_logs,
)
