"""Guardrail: only the platform changes Studio, and only its scientists work in it."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role
from landrail.guardrails.statements import Statement, deny

MAKERS = (role(PLATFORM), role(BREAK_GLASS))

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
        deny(patterns("sagemaker", wanted), unless=(*MAKERS, *_SCIENTISTS)),
        deny(tuple(f"sagemaker:{name}" for name in _TAGGING), tagged, unless=MAKERS),
    )


GUARDRAIL = Guardrail(
    id="protect-studio",
    title="only the platform changes Studio, and only its scientists work in it",
    why="a Studio of another user's role acts under another person's name",
    severity="high",
    remedy="work in a domain's profile of your own, which the file gives to scientists",
    kinds=("data-science",),
    service_control=_statements,
)
