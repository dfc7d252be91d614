"""Guardrail: nobody works in another's Studio, nor in another's jobs.

A profile of Studio and a running job hold an execution role. Who can open them, put code into them
or retag them acts as that role, without passing it, and the trail would name the wrong person.
"""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

_MAKERS = (role(PLATFORM), role(BREAK_GLASS))
_SCIENTISTS = (role("data-scientist-*"), role("studio-*"))
_KINDS = ("app", "domain", "space", "studio-lifecycle-config", "user-profile")
_TAGGING = ("AddTags", "DeleteTags")
# Turns on remote debugging, which is a shell inside the job.
_INTO_JOBS = ("UpdateTrainingJob",)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    changes = {name for kind in _KINDS for name in writes_on("sagemaker", kind)}
    wanted = tuple(sorted((changes | set(_INTO_JOBS)) - set(_TAGGING)))
    tagged = tuple(f"arn:aws:sagemaker:*:*:{kind}/*" for kind in _KINDS)
    return (
        deny(patterns("sagemaker", wanted), unless=(*_MAKERS, *_SCIENTISTS)),
        deny(tuple(f"sagemaker:{name}" for name in _TAGGING), tagged, unless=_MAKERS),
    )


GUARDRAIL = Guardrail(
    name="protect-studio",
    summary="only the platform changes Studio, and only its scientists work in it",
    remedy="work in a domain's profile of your own, which the file gives to scientists",
    scopes=("DataScience",),
    preventive=_statements,
)
