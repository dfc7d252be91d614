"""Guardrail: nobody deletes, redirects or hides what jobs and endpoints logged."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role
from landrail.guardrails.statements import Statement, deny


def _job_logs(_facts: Facts) -> tuple[Statement, ...]:
    removes = ("Delete", "Put", "Associate", "Disassociate")
    writers = {"PutLogEvents"}
    named = {*writes_on("logs", "log-group"), *writes_on("logs", "log-stream")} - writers
    actions = tuple(sorted(name for name in named if name.startswith(removes)))
    groups = "arn:aws:logs:*:*:log-group:/aws/sagemaker/*"
    return (deny(patterns("logs", actions), groups, unless=(role(PLATFORM), role(BREAK_GLASS))),)


GUARDRAIL = Guardrail(
    id="protect-job-logs",
    title="nobody deletes, redirects or hides what jobs and endpoints logged",
    why="a log that can be deleted is evidence of nothing",
    severity="medium",
    remedy="log groups below /aws/sagemaker/ stay; use log groups of your own",
    kinds=("uat", "production"),
    service_control=_job_logs,
)
