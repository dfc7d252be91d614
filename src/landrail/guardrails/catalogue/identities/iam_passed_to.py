"""Guardrail: roles are passed to named services alone."""

from __future__ import annotations

from landrail.guardrails import must
from landrail.guardrails.guardrail import Guardrail, Option
from landrail.guardrails.holding import Holding, by_option
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role

GUARDRAIL = Guardrail(
    id="iam-passed-to",
    title="roles are passed to named services alone",
    why="a role that a service gets works for whoever tells the service",
    severity="high",
    remedy="pass the role to a service that the file names",
    service_control=Holding(
        key="iam:PassedToService",
        must=by_option("iam-passed-to", must.one_of),
        unless=(role(BREAK_GLASS), role(PLATFORM), role("release")),
    ),
    recommended=False,
    option=Option("names of services: sagemaker.amazonaws.com", r"[a-z0-9.*-]+\.amazonaws\.com"),
)
